using System.Text.Json.Nodes;
using ActorOrch.Controllers.ReplicaSets;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Tests.ReplicaSets;

public sealed class DeletionRankingTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Pods_go_in_upstreams_order()
    {
        List<PodFacts> expected =
        [
            Pod("a-unassigned", node: ""),
            Pod("b-pending", phase: "Pending"),
            Pod("c-unknown", phase: "Unknown"),
            Pod("d-not-ready", ready: null),
            Pod("e-cheap", cost: "-5"),
            Pod("f-crowded", node: "crowded"),
            Pod("g-ready-short", ready: 1),
            Pod("h-restarted", restarts: 4),
            Pod("i-new", age: 2),
            Pod("j-old", age: 4000),
        ];
        var pods = expected.AsEnumerable().Reverse().ToList();
        DeletionRanking.Sort(pods, new Dictionary<string, int> { ["n"] = 1, ["crowded"] = 2 }, Now);
        Assert.Equal(expected.Select(p => p.Pod.Key.Name), pods.Select(p => p.Pod.Key.Name));
    }

    private static PodFacts Pod(
        string name, string node = "n", string phase = "Running", int? ready = 5000, string cost = "0", int restarts = 0, int age = 4000)
    {
        var pod = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = "default",
                ["uid"] = name,
                ["creationTimestamp"] = Now.AddSeconds(-age).ToString("O"),
                ["annotations"] = new JsonObject { ["controller.kubernetes.io/pod-deletion-cost"] = cost },
            },
            ["spec"] = new JsonObject { ["nodeName"] = node },
            ["status"] = new JsonObject
            {
                ["phase"] = phase,
                ["conditions"] = new JsonArray(new JsonObject
                {
                    ["type"] = "Ready",
                    ["status"] = ready is null ? "False" : "True",
                    ["lastTransitionTime"] = Now.AddSeconds(-ready ?? 0).ToString("O"),
                }),
                ["containerStatuses"] = new JsonArray(new JsonObject { ["restartCount"] = restarts }),
            },
        };
        return PodFacts.Of(StoredObject.FromJson(BuiltIn.Pods, ObjectDraft.Encode(pod).AtRevision(1)));
    }
}
