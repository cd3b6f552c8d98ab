using System.Text.Json;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Scheduling.Deciding;
using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Scheduling.Tests;

/// <summary>Nodes and pods for the tests, written as the JSON that they are stored as.</summary>
internal static class Samples
{
    internal static StoredObject Node(string name, string cpu = "4", string memory = "8Gi", int pods = 110, string spec = "{}", string labels = "{}", string more = "") =>
        StoredObject.FromJson(BuiltIn.Nodes, System.Text.Encoding.UTF8.GetBytes($$"""
            {"apiVersion":"v1","kind":"Node","metadata":{"name":"{{name}}","uid":"{{name}}","labels":{{labels}} ,"resourceVersion":"1"},"spec":{{spec}},
             "status":{"allocatable":{"cpu":"{{cpu}}","memory":"{{memory}}","pods":"{{pods}}"{{more}} } } }
            """));

    internal static JsonElement Spec(string json) => JsonDocument.Parse(json).RootElement;

    internal static JsonElement Asking(string cpu = "0", string memory = "0", string more = "") => Spec($$"""
        {"containers":[{"name":"c","resources":{"requests":{"cpu":"{{cpu}}","memory":"{{memory}}" } } } ]{{more}} }
        """);

    internal static StoredObject Pod(string name, string cpu = "0", int priority = 0, string more = "") =>
        StoredObject.FromJson(BuiltIn.Pods, System.Text.Encoding.UTF8.GetBytes($$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{name}}","namespace":"default","uid":"uid-{{name}}","creationTimestamp":"2030-01-01T00:00:00Z","resourceVersion":"1"},
             "spec":{"schedulerName":"default-scheduler","priority":{{priority}},"containers":[{"name":"c","resources":{"requests":{"cpu":"{{cpu}}" } } } ]{{more}} },"status":{"phase":"Pending" } }
            """));

    internal static ClusterModel Cluster(params IEnumerable<StoredObject> nodes)
    {
        var cluster = new ClusterModel();
        foreach (var node in nodes) cluster.PutNode(NodeDescription.Read(node));
        return cluster;
    }

    internal static string Message(ClusterModel cluster, JsonElement spec)
    {
        var shape = new PodShapes().Of(spec);
        var placer = new Placer(cluster, SchedulingProfile.Default);
        Assert.Null(placer.Choose(shape));
        return placer.Explain(shape).Message;
    }

    internal static string? Chosen(ClusterModel cluster, JsonElement spec) => new Placer(cluster, SchedulingProfile.Default).Choose(new PodShapes().Of(spec))?.Name;
}
