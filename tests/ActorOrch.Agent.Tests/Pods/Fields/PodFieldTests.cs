using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Runtimes.Simulated;
using ActorOrch.Registry.Admission;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Testing;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Pods.Fields;

/// <summary>Holds every field of a pod's spec against <see cref="PodFieldTable"/>, and does what the table says with it.</summary>
public sealed class PodFieldTests
{
    private static readonly Type[] Parts =
    [
        typeof(V1PodSpec), typeof(V1PodSecurityContext), typeof(V1Container), typeof(V1SecurityContext), typeof(V1Volume), typeof(V1Probe), typeof(V1Lifecycle),
        typeof(V1LifecycleHandler), typeof(V1Affinity), typeof(V1Capabilities), typeof(V1ContainerPort), typeof(V1EnvVarSource), typeof(V1ResourceRequirements),
        typeof(V1EmptyDirVolumeSource), typeof(V1VolumeMount), typeof(V1VolumeProjection),
        typeof(V1PodAffinity), typeof(V1PodAntiAffinity), typeof(V1PodAffinityTerm), typeof(V1WeightedPodAffinityTerm), typeof(V1TopologySpreadConstraint),
    ];

    [Fact]
    public void Every_field_of_a_pods_spec_has_an_entry_and_every_entry_a_field()
    {
        var fields = Parts.SelectMany(type => type.GetProperties().Select(p => p.GetCustomAttribute<JsonPropertyNameAttribute>()).OfType<JsonPropertyNameAttribute>()
            .Select(p => $"{type.Name["V1".Length..]}.{p.Name}")).ToHashSet();
        var named = PodFieldTable.Entries.Keys.Where(k => !k.Contains('[', StringComparison.Ordinal)).ToHashSet();
        Assert.True(fields.SetEquals(named),
            $"without an entry: {string.Join(", ", fields.Except(named).Order())}; entries without a field: {string.Join(", ", named.Except(fields).Order())}");
    }

    [Fact]
    public void Each_test_that_the_table_names_is_there()
    {
        var sources = Directory.EnumerateFiles(TestsDirectory(), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("PodFieldTable", StringComparison.Ordinal)).Select(File.ReadAllText).ToList();
        var missing = PodFieldTable.Entries.SelectMany(e => Tests(e.Value)).Distinct().Where(t => !sources.Any(s => s.Contains($" {t}(", StringComparison.Ordinal))).ToList();
        Assert.True(missing.Count == 0, $"no test is called {string.Join(", ", missing)}");
        Assert.All(PodFieldTable.Entries, e => Assert.True(e.Value is not FieldEntry.Acts { Tests.Length: 0 }, e.Key));
    }

    [Fact]
    public void What_is_warned_about_is_accepted_with_that_warning() => Assert.All(Warned, e =>
    {
        var pod = Created(e.Spec);
        // A source that is not mounted is not complete in the table.
        Assert.True(Errors(pod).Count == 0 || !e.Runs, string.Join("; ", Errors(pod)));
        Assert.Contains(e.Warning, BuiltIn.Pods.Rules.Warnings(pod));
        // A template is told the same, at its own place.
        var template = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "t", ["namespace"] = "default" }, ["spec"] = new JsonObject { ["template"] = new JsonObject { ["spec"] = pod["spec"]!.DeepClone() } } };
        Assert.Contains(e.Warning.Replace("spec.", "spec.template.spec.", StringComparison.Ordinal), BuiltIn.Deployments.Rules.Warnings(template));
    });

    [Fact]
    public async Task What_is_refused_by_the_API_is_refused_with_that_message()
    {
        foreach (var (field, entry) in Of<FieldEntry.Refused>())
        {
            var pod = Created(entry.Spec);
            var messages = Errors(pod).ToList();
            if (messages.Count == 0)
            {
                var asked = new AdmissionRequest
                {
                    RequestedType = BuiltIn.Pods,
                    Key = new("default", "p"),
                    Operation = Operation.Create,
                    Kind = BuiltIn.Pods.Document,
                    Object = pod,
                    Options = new(),
                    Registry = new InMemoryRegistry(),
                };
                messages.Add((await Assert.ThrowsAsync<ApiException>(async () => await new RuntimeClassAdmission().MutateAsync(asked, CancellationToken.None))).Message);
            }
            Assert.True(messages.Contains(entry.Message), $"{field}: {string.Join("; ", messages)}");
        }
    }

    [Fact]
    public async Task What_a_node_cannot_give_it_refuses_and_runs_nothing()
    {
        var runtime = new SimulatedRuntime("bare", TimeProvider.System) { Isolation = new() };
        await using var bench = new AgentBench("bare", runtime, new("none", "10.99.0.0/24", null));
        bench.Start();
        await bench.Hello;
        bench.Assign();
        var refused = Of<FieldEntry.RefusedByNode>().Select(e => (e.Field, e.Entry.Spec, e.Entry.Reason, e.Entry.Message))
            .Concat(Of<FieldEntry.NeverGiven>().Select(e => (e.Field, e.Entry.Spec, e.Entry.Reason, e.Entry.Message)));
        foreach (var entry in refused)
        {
            var pod = TestPods.Of(PodName(entry.Field), []);
            var created = Created(entry.Spec);
            Assert.True(Errors(created).Count == 0 || entry.Reason == "FailedMount", $"{entry.Field}: {string.Join("; ", Errors(created))}");
            pod.Spec = Model.Parse<V1PodSpec>(Encoding.UTF8.GetBytes(created["spec"]!.ToJsonString()));
            bench.Change(pod);
            await bench.WhenAsync(() => Said(bench, pod).Any(s => s.Reason == entry.Reason && s.Message.StartsWith(entry.Message, StringComparison.Ordinal)));
            // A hook fails once its container has been started, which is stopped for it.
            if (entry.Reason == "PostStartHookError") continue;
            Assert.DoesNotContain(await runtime.ListPodAsync(pod.Metadata.Uid, CancellationToken.None), c => c.Phase == ContainerPhase.Running && c.Labels[ContainerLabels.ContainerName] != ContainerLabels.SandboxName);
        }
    }

    /// <summary>The table as a page; <c>ACTORORCH_WRITE_FIELDS</c> set, it is written anew.</summary>
    [Fact]
    public async Task The_page_says_what_the_table_says()
    {
        var path = Path.Combine(TestsDirectory(), "..", "src", "ActorOrch.Agent", "FIELDS.md");
        var text = Page();
        if (Environment.GetEnvironmentVariable("ACTORORCH_WRITE_FIELDS") is { Length: > 0 }) await File.WriteAllTextAsync(path, text);
        Assert.Equal(text, await File.ReadAllTextAsync(path));
    }

    private static string Page()
    {
        var page = new StringBuilder("""
            # What becomes of each field of a pod's spec

            Made by `PodFieldTests`, which fails where a field has no entry, and does what stands here with each that is refused or warned about.
            "Refused by the node" is what a node does that cannot give it; where it can, it is given.

            | field | what becomes of it | how |
            |---|---|---|

            """);
        foreach (var (field, entry) in PodFieldTable.Entries.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            var how = entry switch
            {
                FieldEntry.Acts => string.Join(", ", Tests(entry)),
                FieldEntry.Informs informs => informs.Why,
                FieldEntry.Warns warns => warns.Warning,
                FieldEntry.Refused refused => refused.Message,
                FieldEntry.RefusedByNode refused => $"{refused.Reason}: {refused.Message}",
                FieldEntry.NeverGiven never => $"{never.Warning}; {never.Reason}: {never.Message}",
                _ => throw new ArgumentOutOfRangeException(nameof(entry), entry, "unknown entry"),
            };
            page.Append($"| `{field}` | {entry.Words} | {how.TrimEnd().Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }
        return page.ToString();
    }

    private static IEnumerable<(string Spec, string Warning, bool Runs)> Warned =>
        Of<FieldEntry.Warns>().Select(e => (e.Entry.Spec, e.Entry.Warning, true)).Concat(Of<FieldEntry.NeverGiven>().Select(e => (e.Entry.Spec, e.Entry.Warning, false)));

    private static IEnumerable<(string Field, T Entry)> Of<T>() where T : FieldEntry =>
        PodFieldTable.Entries.Where(e => e.Value is T).Select(e => (e.Key, (T)e.Value));

    private static IEnumerable<string> Tests(FieldEntry entry) => entry switch
    {
        FieldEntry.Acts acts => acts.Tests,
        FieldEntry.RefusedByNode refused => refused.Tests,
        _ => [],
    };

    private static JsonObject Created(string spec)
    {
        var pod = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "p", ["namespace"] = "default" }, ["spec"] = JsonNode.Parse(spec) };
        pod["spec"]!["containers"] ??= JsonNode.Parse("""[{"name":"c","image":"i"}]""");
        pod["spec"]!["serviceAccountName"] = "default";
        BuiltIn.Pods.Rules.PrepareForCreate(pod);
        BuiltIn.Pods.Rules.Default(pod);
        return pod;
    }

    private static IReadOnlyList<string> Errors(JsonObject pod)
    {
        var errors = new FieldErrors();
        BuiltIn.Pods.Rules.Validate(Field.Root(pod), errors);
        BuiltIn.Pods.Rules.ValidateCreate(Field.Root(pod), errors);
        return [.. errors.All.Select(e => e.ToString())];
    }

    private static IEnumerable<(string Reason, string Message)> Said(AgentBench bench, V1Pod pod)
    {
        foreach (var happened in bench.Events.All) if (happened.Pod == pod.Metadata.Name) yield return (happened.Reason, happened.Message);
        if (bench.Status(pod.Metadata.Uid) is not { } status) yield break;
        yield return (status.Reason ?? "", status.Message ?? "");
        foreach (var container in status.ContainerStatuses ?? [])
            if (container.State.Waiting is { } waiting) yield return (waiting.Reason, waiting.Message ?? "");
    }

    private static string PodName(string field) => field.Replace('.', '-').ToLowerInvariant();

    private static string TestsDirectory([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
