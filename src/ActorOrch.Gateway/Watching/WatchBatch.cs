using ActorOrch.Registry.Watching;

namespace ActorOrch.Gateway.Watching;

/// <summary>What a watcher is to write next.</summary>
internal readonly record struct WatchBatch(WatchBatchKind Kind, IReadOnlyList<Change> Changes, long Revision)
{
    public static readonly WatchBatch Bookmark = new(WatchBatchKind.Bookmark, [], 0);
    public static readonly WatchBatch End = new(WatchBatchKind.End, [], 0);
    public static readonly WatchBatch Reset = new(WatchBatchKind.Reset, [], 0);
}

internal enum WatchBatchKind
{
    /// <summary>A commit of the collection.</summary>
    Changes,

    /// <summary>Time to tell the client how far it has seen.</summary>
    Bookmark,

    /// <summary>The watch's time is up, or the server stops.</summary>
    End,

    /// <summary>The thread of changes was lost: what comes next does not follow on what came before.</summary>
    Reset,
}
