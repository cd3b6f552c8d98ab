using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Controllers.Nodes.Statuses;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Tests.Nodes;

public class PodStatusMergeTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_agents_word_is_taken_and_what_is_not_its_business_kept()
    {
        var pod = Pod("""{"phase":"Pending","qosClass":"Burstable","conditions":[{"type":"PodScheduled","status":"True","lastTransitionTime":"2029-01-01T00:00:00Z"},{"type":"example.com/gate","status":"True"}]}""");
        var status = Merged(pod, """{"phase":"Running","podIP":"10.0.0.1","conditions":[{"type":"Ready","status":"True"},{"type":"PodScheduled","status":"False"}]}""")!;
        Assert.Equal("Running", (string?)status["phase"]);
        Assert.Equal("10.0.0.1", (string?)status["podIP"]);
        Assert.Equal("Burstable", (string?)status["qosClass"]);
        Assert.Equal(
            ["PodScheduled True 2029-01-01T00:00:00Z", "example.com/gate True ", "Ready True 2030-01-01T00:00:00Z"],
            status["conditions"]!.AsArray().Select(c => $"{c!["type"]} {c["status"]} {c["lastTransitionTime"]}"));
    }

    [Fact]
    public void What_says_nothing_new_is_not_written()
    {
        var pod = Pod("""{"phase":"Running","conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2029-01-01T00:00:00Z"}]}""");
        Assert.Null(Merged(pod, """{"phase":"Running","conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2029-06-01T00:00:00Z"}]}"""));
    }

    /// <summary>An agent repeats what it knew of others' conditions when it last heard of the pod.</summary>
    [Fact]
    public void Conditions_of_others_are_as_they_are_stored_whatever_the_agent_remembers()
    {
        var pod = Pod("""{"phase":"Pending","conditions":[{"type":"example.com/gate","status":"True"},{"type":"DisruptionTarget","status":"True","reason":"now"}]}""");
        var status = Merged(pod, """{"phase":"Running","conditions":[{"type":"example.com/gate","status":"False"},{"type":"example.com/gone","status":"True"},{"type":"DisruptionTarget","status":"True","reason":"then"}]}""")!;
        Assert.Equal(["example.com/gate True ", "DisruptionTarget True now"], status["conditions"]!.AsArray().Select(c => $"{c!["type"]} {c["status"]} {c["reason"]}"));
    }

    [Fact]
    public void What_has_ended_stays_ended() => Assert.Null(Merged(Pod("""{"phase":"Failed","reason":"Evicted"}"""), """{"phase":"Running"}"""));

    private static StoredObject Pod(string status) => StoredObject.FromJson(BuiltIn.Pods, Encoding.UTF8.GetBytes(
        $$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","namespace":"default","uid":"u","resourceVersion":"1"},"spec":{"nodeName":"a"},"status":{{status}} }"""));

    private static JsonNode? Merged(StoredObject pod, string report) =>
        PodStatusMerge.Merge(pod, new("default", "p", "u", Encoding.UTF8.GetBytes(report), 1, false), Now) is { } draft ? JsonNode.Parse(draft.Json)!["status"] : null;
}
