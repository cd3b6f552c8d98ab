using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Forms;
using ActorOrch.Gateway.Reading;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Watching;

/// <summary>Decides which event a change is for a watcher.</summary>
internal static class WatchEvents
{
    /// <summary>What an event has around its object, at most.</summary>
    public const int FrameBytes = 32;

    /// <summary>
    /// A change as the filter shows it: an object that moves in is added, one that moves out is deleted. Null where the watcher sees nothing.
    /// </summary>
    public static (ChangeKind Kind, StoredObject Object)? Seen(in Change change, ObjectFilter filter)
    {
        if (change.Kind == ChangeKind.Added) return filter.Matches(change.Object) ? (ChangeKind.Added, change.Object) : null;
        var before = change.Previous is { } previous ? filter.Matches(previous) : filter.Matches(change.Object);
        if (change.Kind == ChangeKind.Deleted) return before ? (ChangeKind.Deleted, change.Object) : null;
        var after = filter.Matches(change.Object);
        return (before, after) switch
        {
            (true, true) => (ChangeKind.Modified, change.Object),
            (false, true) => (ChangeKind.Added, change.Object),
            // The state that the watcher knew, at the revision at which it left.
            (true, false) => (ChangeKind.Deleted, MovedOut(change.Previous!, change.Revision)),
            _ => null,
        };
    }

    public static void Write(IBufferWriter<byte> output, ChangeKind kind, StoredObject obj, ResponseForm form, bool first)
    {
        WriteStart(output, kind);
        form.WriteEvent(output, obj, first);
        WriteEnd(output);
    }

    public static void WriteEnd(IBufferWriter<byte> output) => output.Write("}\n"u8);

    public static void WriteStart(IBufferWriter<byte> output, ChangeKind kind)
    {
        output.Write(kind switch
        {
            ChangeKind.Added => "{\"type\":\"ADDED\",\"object\":"u8,
            ChangeKind.Modified => "{\"type\":\"MODIFIED\",\"object\":"u8,
            _ => "{\"type\":\"DELETED\",\"object\":"u8,
        });
    }

    /// <summary>A bookmark: an object of the kind with nothing but its revision.</summary>
    /// <param name="initialEventsEnd">Whether it ends the initial events of a watch that lists.</param>
    public static StoredObject Bookmark(ResourceType type, long revision, bool initialEventsEnd)
    {
        var annotations = initialEventsEnd ? ""","annotations":{"k8s.io/initial-events-end":"true"}""" : "";
        var json = $$$"""{"kind":"{{{type.Kind}}}","apiVersion":"{{{type.ApiVersion}}}","metadata":{"resourceVersion":"{{{revision.ToString(CultureInfo.InvariantCulture)}}}","creationTimestamp":null{{{annotations}}}}}""";
        return new(type, default, revision, Encoding.UTF8.GetBytes(json));
    }

    public static void WriteBookmark(IBufferWriter<byte> output, StoredObject bookmark, ResponseForm form)
    {
        output.Write("{\"type\":\"BOOKMARK\",\"object\":"u8);
        form.WriteBookmark(output, bookmark);
        output.Write("}\n"u8);
    }

    public static void WriteError(IBufferWriter<byte> output, ApiException failure)
    {
        output.Write("{\"type\":\"ERROR\",\"object\":"u8);
        output.Write(JsonSerializer.SerializeToUtf8Bytes(failure.ToStatus(), JsonWriting.Options));
        output.Write("}\n"u8);
    }

    private static StoredObject MovedOut(StoredObject previous, long revision) =>
        new(previous.Resource, previous.Key, revision, StoredJson.AtRevision(previous, revision));
}
