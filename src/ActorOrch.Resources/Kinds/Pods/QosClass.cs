using System.Text.Json.Nodes;
using ActorOrch.Resources.Quantities;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>The quality of service that a pod's requests and limits give it (<c>status.qosClass</c>).</summary>
public static class QosClass
{
    public const string Guaranteed = "Guaranteed";
    public const string Burstable = "Burstable";
    public const string BestEffort = "BestEffort";

    private static readonly string[] Compute = ["cpu", "memory"];

    /// <summary>Guaranteed where each container limits CPU and memory and requests as much; BestEffort where none asks for either.</summary>
    public static string Of(JsonObject podSpec)
    {
        var any = false;
        var guaranteed = true;
        foreach (var list in (string[])["initContainers", "containers"])
            foreach (var container in podSpec.Objects(list))
            {
                var resources = container.Find("resources");
                foreach (var name in Compute)
                {
                    var limit = Amount(resources?.Find("limits"), name);
                    var request = Amount(resources?.Find("requests"), name) ?? limit;
                    any |= limit is not null || request is not null;
                    guaranteed &= limit is not null && request == limit;
                }
            }
        return !any ? BestEffort : guaranteed ? Guaranteed : Burstable;
    }

    // Zero asks for nothing.
    private static Quantity? Amount(JsonObject? amounts, string name) =>
        amounts is not null && ResourceDefaults.TryRead(amounts[name], out var quantity) && quantity.Sign > 0 ? quantity : null;
}
