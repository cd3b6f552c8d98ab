using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.EndToEnd.Harness;

namespace ActorOrch.EndToEnd.Api;

/// <summary>Thousands of broken manifests: each gets an answer of its own making, none breaks the server, none loses an object.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class MutatedManifestTests
{
    private const int Mutations = 5000;
    private const int Parallelism = 8;

    private static readonly (string Path, string Manifest)[] Seeds =
    [
        ("/api/v1/namespaces/default/configmaps", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"NAME","labels":{"a":"b"}},"data":{"k":"v"},"binaryData":{"b":"AAEC"}}"""),
        ("/api/v1/namespaces/default/secrets", """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"NAME"},"type":"Opaque","stringData":{"k":"v"}}"""),
        ("/api/v1/namespaces/default/services", """{"apiVersion":"v1","kind":"Service","metadata":{"name":"NAME"},"spec":{"selector":{"a":"b"},"ipFamilyPolicy":"PreferDualStack","ports":[{"name":"http","port":80,"targetPort":"web","protocol":"TCP"}]}}"""),
        ("/api/v1/namespaces/default/pods", """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"NAME"},"spec":{"nodeSelector":{"no":"where"},"tolerations":[{"key":"x","operator":"Exists"}],"volumes":[{"name":"v","emptyDir":{}}],"containers":[{"name":"c","image":"i:1","command":["a"],"env":[{"name":"E","value":"1"}],"ports":[{"containerPort":80}],"resources":{"requests":{"cpu":"100m","memory":"64Mi"}},"volumeMounts":[{"name":"v","mountPath":"/v"}],"livenessProbe":{"httpGet":{"path":"/","port":80}}}]}}"""),
        ("/apis/apps/v1/namespaces/default/deployments", """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"NAME"},"spec":{"replicas":0,"selector":{"matchLabels":{"a":"b"}},"strategy":{"rollingUpdate":{"maxSurge":"25%","maxUnavailable":1}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i:1"}]}}}}"""),
        ("/apis/coordination.k8s.io/v1/namespaces/default/leases", """{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"NAME"},"spec":{"holderIdentity":"me","leaseDurationSeconds":15,"renewTime":"2026-01-02T03:04:05.000006Z"}}"""),
    ];

    [Fact]
    public async Task None_of_5000_gives_a_server_error_and_every_accepted_one_is_there()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated");
        using var http = RawClient.Of(orchestrator);
        var accepted = new System.Collections.Concurrent.ConcurrentBag<string>();
        var refused = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, Mutations), new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, async (i, cancel) =>
        {
            var random = new Random(i);
            var (path, seed) = Seeds[i % Seeds.Length];
            var manifest = seed.Replace("NAME", $"m{i}");
            var body = random.Next(3) == 0 ? BreakText(manifest, random) : BreakStructure(manifest, random);
            var yaml = random.Next(4) == 0;
            using var content = new ByteArrayContent(body) { Headers = { { "Content-Type", yaml ? "application/yaml" : "application/json" } } };
            using var answer = await http.PostAsync($"{path}?fieldValidation={(random.Next(2) == 0 ? "Strict" : "Warn")}", content, cancel);
            var text = await answer.Content.ReadAsStringAsync(cancel);
            Assert.True((int)answer.StatusCode < 500, $"mutation {i} of {path}: {answer.StatusCode}\n{Encoding.UTF8.GetString(body)}\n{text}");
            var document = JsonNode.Parse(text)!;
            if (answer.StatusCode == HttpStatusCode.Created)
            {
                accepted.Add($"{path}/{document["metadata"]!["name"]}");
                return;
            }
            Interlocked.Increment(ref refused);
            Assert.Equal("Status", document["kind"]!.GetValue<string>());
            Assert.Equal((int)answer.StatusCode, document["code"]!.GetValue<int>());
            Assert.NotEqual("", document["message"]!.GetValue<string>());
        });
        // Both happen, or the mutations test nothing.
        Assert.InRange(refused, Mutations / 10, Mutations);
        Assert.NotEmpty(accepted);
        foreach (var path in accepted.Distinct())
        {
            using var answer = await http.GetAsync(path);
            Assert.True(answer.IsSuccessStatusCode, $"{path} was accepted but is not there: {answer.StatusCode}");
        }
    }

    private static byte[] BreakText(string manifest, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(manifest).ToList();
        for (var n = random.Next(1, 4); n > 0 && bytes.Count > 1; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, (byte)"{}[]\":,\\\0-"[random.Next(10)]); break;
                default: bytes.RemoveRange(at, Math.Min(random.Next(20), bytes.Count - at)); break;
            }
        }
        return [.. bytes];
    }

    private static byte[] BreakStructure(string manifest, Random random)
    {
        var root = JsonNode.Parse(manifest)!;
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var nodes = Containers(root).ToList();
            switch (nodes[random.Next(nodes.Count)])
            {
                case JsonObject { Count: > 0 } obj:
                    var key = obj.ElementAt(random.Next(obj.Count)).Key;
                    switch (random.Next(4))
                    {
                        case 0: obj.Remove(key); break;
                        case 1: obj[$"{key}x"] = obj[key]?.DeepClone(); break;
                        default: obj[key] = Nonsense(random); break;
                    }
                    break;
                case JsonArray { Count: > 0 } array:
                    if (random.Next(2) == 0) array.Add(array[random.Next(array.Count)]?.DeepClone());
                    else array[random.Next(array.Count)] = Nonsense(random);
                    break;
            }
        }
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private static IEnumerable<JsonNode> Containers(JsonNode node)
    {
        yield return node;
        var children = node switch
        {
            JsonObject obj => obj.Select(p => p.Value),
            JsonArray array => array,
            _ => [],
        };
        foreach (var child in children)
            if (child is JsonObject or JsonArray)
                foreach (var inner in Containers(child)) yield return inner;
    }

    private static JsonNode? Nonsense(Random random) => random.Next(12) switch
    {
        0 => null,
        1 => -1,
        2 => 1e300,
        3 => long.MaxValue,
        4 => "",
        5 => new string('x', random.Next(1, 400)),
        6 => true,
        7 => new JsonArray(),
        8 => new JsonObject(),
        9 => new JsonArray(1, "a", new JsonObject()),
        10 => "../../etc/passwd",
        _ => "\ud83d\ude00 \u0000",
    };
}
