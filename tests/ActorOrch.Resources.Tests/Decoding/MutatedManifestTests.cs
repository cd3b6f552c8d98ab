using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Patches;
using CsCheck;

namespace ActorOrch.Resources.Tests.Decoding;

/// <summary>Whatever comes in, decoding answers with a document that is stable, or with a refusal of the client's making.</summary>
public class MutatedManifestTests
{
    private static readonly (ResourceType Type, string Json)[] Manifests =
    [
        (BuiltIn.Pods, """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","labels":{"x":"1"},"creationTimestamp":null,"finalizers":["f"],"ownerReferences":[{"apiVersion":"v1","kind":"K","name":"n","uid":"u","controller":true}]},
             "spec":{"restartPolicy":"Always","containers":[{"name":"c","image":"i","ports":[{"containerPort":80,"protocol":"TCP"}],"env":[{"name":"E","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],
              "resources":{"limits":{"cpu":"500m","memory":"64Mi"},"requests":{"cpu":0.1}},"livenessProbe":{"httpGet":{"path":"/","port":"http"},"periodSeconds":5}}],"volumes":[{"name":"v","emptyDir":{"sizeLimit":"1Gi"}}]},
             "status":{"startTime":"2024-05-01T12:00:00Z","podIPs":[{"ip":"10.0.0.1"}]}}
            """),
        (BuiltIn.Deployments, """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"replicas":3,"selector":{"matchLabels":{"a":"b"},"matchExpressions":[{"key":"k","operator":"In","values":["v"]}]},
             "strategy":{"rollingUpdate":{"maxSurge":"25%","maxUnavailable":1}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """),
        (BuiltIn.Secrets, """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"data":{"k":"aGVsbG8="},"stringData":{"a":"b"},"type":"Opaque"}"""),
        (BuiltIn.Leases, """{"metadata":{"name":"l"},"spec":{"holderIdentity":"h","leaseDurationSeconds":40,"renewTime":"2024-05-01T12:00:00.000000Z"}}"""),
        (BuiltIn.ControllerRevisions, """{"metadata":{"name":"r"},"revision":1,"data":{"spec":{"template":{"$patch":"replace","x":[1,null,{"y":1.5}]}}}}"""),
    ];

    private static readonly string[] Values =
    [
        "null", "true", "-1", "3.5", "1e400", "9999999999999999999", "\"\"", "\"text\"", "\"2024-13-01T00:00:00Z\"", "[]", "[null]", "[[]]", "{}", "{\"a\":null}",
        "\"1Ki\"", "\"-0.0000000001\"", "{\"$patch\":\"delete\"}", "\"\\ud800\"", "\"\u0000\"", "{\"a\":1,\"a\":2}",
    ];

    private static readonly Gen<(ResourceType Type, byte[] Body)> MutatedText =
        Gen.Select(OneOf(Manifests), Gen.Int[0, 2000], Gen.Int[0, 6], Gen.Byte, Gen.Int[1, 4])
            .Select((manifest, at, length, with, kind) => (manifest.Type, Mangle(Encoding.UTF8.GetBytes(manifest.Json), at, length, with, kind)));

    private static readonly Gen<(ResourceType Type, string Json)> MutatedTree =
        Gen.Select(OneOf(Manifests), Gen.Int[0, 200], OneOf(Values))
            .Select((manifest, at, value) => (manifest.Type, ReplaceNode(manifest.Json, at, value)));

    [Fact]
    public void Mangled_bytes_are_a_document_or_a_refusal() =>
        MutatedText.Sample(mutation => Check(mutation.Body, mutation.Type), iter: 2000);

    [Fact]
    public void Values_of_any_type_are_a_document_or_a_refusal() =>
        MutatedTree.Sample(mutation => Check(Encoding.UTF8.GetBytes(mutation.Json), mutation.Type), iter: 2000);

    [Fact]
    public void Patches_of_any_shape_are_a_document_or_a_refusal() =>
        Gen.Select(MutatedTree, MutatedTree).Sample((one, two) =>
        {
            if (Decode(Encoding.UTF8.GetBytes(one.Json), "application/json", one.Type) is not { } decoded) return;
            Answered(() =>
            {
                var patch = ObjectDecoder.DecodePatch(Encoding.UTF8.GetBytes(two.Json)).Patch;
                foreach (var patched in (JsonObject[])
                    [StrategicMergePatch.Apply(decoded.Object, patch, one.Type), MergePatch.Apply(decoded.Object, patch, one.Type)])
                    SchemaCheck.Normalize(patched, one.Type);
            });
        }, iter: 1000);

    private static Gen<T> OneOf<T>(T[] items) => Gen.Int[0, items.Length - 1].Select(i => items[i]);

    private static void Check(byte[] body, ResourceType type)
    {
        Decode(body, "application/yaml", type);
        if (Decode(body, "application/json", type) is not { } decoded) return;
        var once = decoded.Object.ToJsonString();
        var again = ObjectDecoder.Decode(Encoding.UTF8.GetBytes(once), "application/json", type);
        Assert.Equal(once, again.Object.ToJsonString());
        Assert.Empty(again.StrictErrors);
    }

    private static DecodedObject? Decode(byte[] body, string contentType, ResourceType type)
    {
        DecodedObject? decoded = null;
        Answered(() => decoded = ObjectDecoder.Decode(body, contentType, type));
        return decoded;
    }

    private static void Answered(Action request)
    {
        try
        {
            request();
        }
        catch (ApiException refused)
        {
            Assert.InRange(refused.Code, 400, 499);
        }
    }

    private static byte[] Mangle(byte[] json, int at, int length, byte with, int kind)
    {
        at %= json.Length;
        length = Math.Min(length, json.Length - at);
        return kind switch
        {
            1 => [.. json[..at], .. json[(at + length)..]],
            2 => [.. json[..at], with, .. json[at..]],
            3 => [.. json[..at], .. json[at..(at + length)], .. json[at..]],
            _ => json[..at],
        };
    }

    // Puts a value in the place of the n-th node of the tree.
    private static string ReplaceNode(string json, int at, string value)
    {
        var root = JsonNode.Parse(json)!;
        var places = new List<JsonNode>();
        var left = new Stack<JsonNode>([root]);
        while (left.TryPop(out var node))
        {
            foreach (var child in node is JsonObject map ? map.Select(p => p.Value) : node is JsonArray list ? list : [])
                if (child is not null)
                {
                    places.Add(child);
                    left.Push(child);
                }
        }
        const string Marker = "\"@@\"";
        places[at % places.Count].ReplaceWith("@@");
        return root.ToJsonString().Replace(Marker, value, StringComparison.Ordinal);
    }
}
