using ActorOrch.Reconciling;
using ActorOrch.Resources.Catalog;
using k8s.Models;

namespace ActorOrch.Controllers.Tests.Events;

public sealed class EventRecorderTests : ControllersTest
{
    private static readonly EventSubject Pod = new("v1", "Pod", "default", "web-1", "uid-1", 7, "spec.containers{c}");
    private static readonly EventSource Kubelet = new("kubelet", "node-1");

    [Fact]
    public async Task An_event_names_its_object_and_its_source_and_repetition_raises_its_count()
    {
        await StartAsync();
        Events.Record(Pod, Kubelet, EventType.Warning, "BackOff", "Back-off restarting failed container");
        await UntilEventAsync("BackOff", "Back-off restarting failed container");
        Time.Advance(TimeSpan.FromSeconds(5));
        for (var i = 0; i < 3; i++) Events.Record(Pod, Kubelet, EventType.Warning, "BackOff", "Back-off restarting failed container");
        Events.Record(Pod, Kubelet, EventType.Normal, "Killing", "Stopping container c");
        var events = await UntilAsync(BuiltIn.Events, all => all.Count == 2 && all.List().Any(e => e.As<Corev1Event>().Count == 4));
        var repeated = events.List().Select(e => e.As<Corev1Event>()).Single(e => e.Reason == "BackOff");
        Assert.Matches("^web-1\\.[0-9a-f]{16}$", repeated.Metadata.Name);
        Assert.Equal(("Pod", "web-1", "uid-1", "spec.containers{c}"),
            (repeated.InvolvedObject.Kind, repeated.InvolvedObject.Name, repeated.InvolvedObject.Uid, repeated.InvolvedObject.FieldPath));
        Assert.Equal(("kubelet", "node-1", "Warning"), (repeated.Source.Component, repeated.Source.Host, repeated.Type));
        Assert.Equal(TimeSpan.FromSeconds(5), repeated.LastTimestamp - repeated.FirstTimestamp);
    }

    [Fact]
    public async Task An_event_that_was_deleted_is_written_anew_and_one_about_a_node_lives_in_default()
    {
        await StartAsync();
        var node = new EventSubject("v1", "Node", "", "n1", "n1");
        Events.Record(node, new("node-controller"), EventType.Normal, "RegisteredNode", "Node n1 event");
        var first = (await UntilAsync(BuiltIn.Events, all => all.Count == 1)).List().Single();
        Assert.Equal("default", first.Key.Namespace);
        await Registry.RemoveAsync(BuiltIn.Events, first.Key);
        Events.Record(node, new("node-controller"), EventType.Normal, "RegisteredNode", "Node n1 event");
        await UntilAsync(BuiltIn.Events, all => all.List().Any(e => e.As<Corev1Event>().Count == 2));
    }
}
