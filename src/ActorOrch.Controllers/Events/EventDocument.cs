using System.Globalization;
using System.Text.Json.Nodes;
using ActorOrch.Reconciling;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Controllers.Events;

/// <summary>The <c>v1 Event</c> of an occurrence.</summary>
internal static class EventDocument
{
    /// <summary>Upstream's naming: the object's name and the time in nanoseconds, in hexadecimal. <paramref name="serial"/> keeps two of one tick apart.</summary>
    public static string Name(EventSubject subject, DateTimeOffset at, long serial)
    {
        var nanoseconds = ((at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100) + (serial % 100);
        return $"{subject.Name}.{nanoseconds:x}";
    }

    /// <summary>Events about cluster-scoped objects live in <c>default</c>.</summary>
    public static string Namespace(EventSubject subject) => subject.Namespace.Length == 0 ? "default" : subject.Namespace;

    public static JsonObject Create(string name, Occurrence first, long count, DateTimeOffset last)
    {
        var (subject, source, type, reason, message) = first.Event;
        var involved = new JsonObject
        {
            ["kind"] = subject.Kind,
            ["name"] = subject.Name,
            ["uid"] = subject.Uid,
            ["apiVersion"] = subject.ApiVersion,
        };
        if (subject.Namespace.Length > 0) involved["namespace"] = subject.Namespace;
        if (first.Revision > 0) involved["resourceVersion"] = first.Revision.ToString(CultureInfo.InvariantCulture);
        if (subject.FieldPath is { } path) involved["fieldPath"] = path;
        var reporter = new JsonObject { ["component"] = source.Component };
        if (source.Host.Length > 0) reporter["host"] = source.Host;
        return new()
        {
            ["apiVersion"] = BuiltIn.Events.ApiVersion,
            ["kind"] = BuiltIn.Events.Kind,
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Namespace(subject) },
            ["involvedObject"] = involved,
            ["reason"] = reason,
            ["message"] = message,
            ["source"] = reporter,
            ["firstTimestamp"] = Time(first.At),
            ["lastTimestamp"] = Time(last),
            ["count"] = count,
            ["type"] = type.ToString(),
            ["reportingComponent"] = source.Component,
            ["reportingInstance"] = source.Host,
        };
    }

    /// <summary>The merge patch for an event that happened again.</summary>
    public static JsonObject Again(long count, DateTimeOffset last) => new() { ["count"] = count, ["lastTimestamp"] = Time(last) };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
