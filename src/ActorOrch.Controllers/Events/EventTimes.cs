using System.Text.Json;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Events;

/// <summary>When an event happened last, by what stands in it.</summary>
internal static class EventTimes
{
    /// <summary>The latest of its times that is not to come, at least that of its creation: what a reporter writes cannot keep it for ever.</summary>
    public static DateTimeOffset Last(StoredObject @event, DateTimeOffset now)
    {
        using var document = JsonDocument.Parse(@event.Json);
        var root = document.RootElement;
        var last = @event.Meta.CreationTimestamp;
        Consider(root, "lastTimestamp");
        Consider(root, "eventTime");
        if (root.TryGetProperty("series", out var series) && series.ValueKind == JsonValueKind.Object) Consider(series, "lastObservedTime");
        return last;

        void Consider(JsonElement parent, string name)
        {
            if (parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time) && time > last && time <= now)
                last = time;
        }
    }
}
