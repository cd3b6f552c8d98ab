using System.Text.Json.Nodes;
using ActorOrch.Resources.Versions;

namespace ActorOrch.Resources.Kinds.Events;

/// <summary>Between <c>v1 Event</c>, which is stored, and <c>events.k8s.io/v1 Event</c>: the same facts under other names.</summary>
internal sealed class EventConversion : IVersionConversion
{
    private static readonly (string Stored, string Served)[] Names =
    [
        ("involvedObject", "regarding"),
        ("message", "note"),
        ("reportingComponent", "reportingController"),
        ("source", "deprecatedSource"),
        ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"),
        ("count", "deprecatedCount"),
    ];

    public void ToStorage(JsonObject document)
    {
        foreach (var (stored, served) in Names) VersionConversions.Move(document, document, served, stored);
    }

    public void FromStorage(JsonObject document)
    {
        foreach (var (stored, served) in Names) VersionConversions.Move(document, document, stored, served);
    }
}
