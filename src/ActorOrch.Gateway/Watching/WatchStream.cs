using System.Buffers;
using System.IO.Pipelines;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Forms;
using ActorOrch.Gateway.Reading;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Watching;

/// <summary>
/// Writes one watcher's events. It drains what has gathered and flushes once: at once when idle, in batches when busy.
/// </summary>
/// <param name="after">Changes up to this revision are known to the client.</param>
/// <param name="cutUnread">Waits for a flush that is under way; null: as long as it takes.</param>
internal sealed class WatchStream(
    ResourceType type, PipeWriter body, WatchBacklog backlog, ResponseForm form, ObjectFilter filter, bool bookmarks, long after,
    Func<ValueTask<FlushResult>, ValueTask<FlushResult>>? cutUnread = null)
{
    private readonly LargePieces _pieces = new(body, firstBytes: 1024);

    private bool _first = true;

    /// <summary>The client knows all changes up to this revision.</summary>
    public long Revision { get; private set; } = after;

    /// <summary>Whether the watch ended within an event: nothing may follow, not even a proper end of the answer.</summary>
    public bool Torn { get; private set; }

    /// <summary>What exists, as ADDED events. False where the client has disconnected.</summary>
    public async ValueTask<bool> SendInitialAsync(Snapshot snapshot, bool announceEnd, CancellationToken cancel)
    {
        foreach (var obj in filter.Candidates(snapshot).Values)
        {
            if (!filter.Matches(obj)) continue;
            if (cancel.IsCancellationRequested) return false;
            if (IsLarge(obj))
            {
                if (!await WriteLargeAsync(ChangeKind.Added, obj, cancel).ConfigureAwait(false)) return false;
            }
            else WriteEvent(ChangeKind.Added, obj);
            if (_pieces.IsFull && !await FlushAsync(cancel).ConfigureAwait(false)) return false;
        }
        if (announceEnd && bookmarks) WatchEvents.WriteBookmark(_pieces, WatchEvents.Bookmark(type, snapshot.Revision, initialEventsEnd: true), form);
        return await FlushAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Changes that come before those of the backlog. False where the watch has ended.</summary>
    public async ValueTask<bool> SendHistoryAsync(IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        if (!await WriteChangesAsync(changes, cancel).ConfigureAwait(false)) return false;
        while (backlog.Batches.TryRead(out var batch))
            if (await WriteAsync(batch, cancel).ConfigureAwait(false) == WatchEnd.Over) return false;
        return _pieces.IsEmpty || await FlushAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Sends changes until the client disconnects, the time is up, the client falls too far behind, or a change was missed.</summary>
    public async Task<WatchEnd> RunAsync(CancellationToken cancel)
    {
        do
        {
            while (backlog.Batches.TryRead(out var batch))
            {
                if (await WriteAsync(batch, cancel).ConfigureAwait(false) is { } end) return end;
            }
            if (!_pieces.IsEmpty && !await FlushAsync(cancel).ConfigureAwait(false)) return WatchEnd.Over;
        }
        while (await backlog.Batches.WaitToReadAsync(cancel).ConfigureAwait(false));
        return WatchEnd.Over;
    }

    public async ValueTask FailAsync(ApiException failure, CancellationToken cancel)
    {
        WatchEvents.WriteError(_pieces, failure);
        await FlushAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Null where the watch goes on behind this batch.</summary>
    private async ValueTask<WatchEnd?> WriteAsync(WatchBatch batch, CancellationToken cancel)
    {
        switch (batch.Kind)
        {
            case WatchBatchKind.Changes:
                // What a subscription that was given up still sends may not follow: the one after it brings it again, with all before it.
                if (batch.Changes[0].Revision <= Revision + 1 && !await WriteChangesAsync(batch.Changes, cancel).ConfigureAwait(false)) return WatchEnd.Over;
                backlog.Written(batch.Changes);
                return null;
            case WatchBatchKind.Bookmark:
                WriteBookmark();
                return null;
            case WatchBatchKind.Reset:
                return WatchEnd.ThreadLost;
            default:
                if (bookmarks) WriteBookmark();
                await FlushAsync(cancel).ConfigureAwait(false);
                return WatchEnd.Over;
        }
    }

    private async ValueTask<bool> WriteChangesAsync(IReadOnlyList<Change> changes, CancellationToken cancel)
    {
        if (changes.Count > 1 && !filter.HasSelectors) _pieces.Expect(SizeOf(changes));
        for (var i = 0; i < changes.Count; i++)
        {
            var change = changes[i];
            // A client ahead of this process has seen these already.
            if (change.Revision <= Revision) continue;
            // Nothing more is written to a connection that was closed: many may close at once.
            if (cancel.IsCancellationRequested) return false;
            if (WatchEvents.Seen(change, filter) is { } seen)
            {
                if (IsLarge(seen.Object))
                {
                    if (!await WriteLargeAsync(seen.Kind, seen.Object, cancel).ConfigureAwait(false)) return false;
                }
                else WriteEvent(seen.Kind, seen.Object);
            }
            if (_pieces.IsFull && !await FlushAsync(cancel).ConfigureAwait(false)) return false;
        }
        Revision = Math.Max(Revision, changes[^1].Revision);
        return true;
    }

    /// <summary>About what the events of changes take, in the plain form.</summary>
    private int SizeOf(IReadOnlyList<Change> changes)
    {
        var bytes = 0;
        for (var i = 0; i < changes.Count && bytes < LargePieces.PieceBytes; i++)
            if (filter.Matches(changes[i].Object)) bytes += WatchEvents.FrameBytes + changes[i].Object.Json.Length;
        return bytes;
    }

    private void WriteEvent(ChangeKind kind, StoredObject obj)
    {
        WatchEvents.Write(_pieces, kind, obj, form, _first);
        _first = false;
    }

    private bool IsLarge(StoredObject obj) => obj.Json.Length > LargePieces.PieceBytes && form is PlainForm;

    /// <summary>A large event goes piece by piece, so that a client that does not read has no more than a piece waiting.</summary>
    private async ValueTask<bool> WriteLargeAsync(ChangeKind kind, StoredObject obj, CancellationToken cancel)
    {
        Torn = true;
        WatchEvents.WriteStart(_pieces, kind);
        _first = false;
        ReadOnlyMemory<byte> rest = obj.Json;
        while (rest.Length > 0)
        {
            var piece = rest[..Math.Min(rest.Length, LargePieces.PieceBytes)];
            _pieces.Write(piece.Span);
            rest = rest[piece.Length..];
            if (rest.Length > 0 && !await FlushAsync(cancel).ConfigureAwait(false)) return false;
        }
        WatchEvents.WriteEnd(_pieces);
        Torn = false;
        return true;
    }

    private void WriteBookmark() => WatchEvents.WriteBookmark(_pieces, WatchEvents.Bookmark(type, Revision, initialEventsEnd: false), form);

    // Events that are not large are written whole, so that a cut between two flushes never leaves half of one.
    private async ValueTask<bool> FlushAsync(CancellationToken cancel)
    {
        var flush = _pieces.FlushAsync(cancel);
        if (!flush.IsCompleted && cutUnread is not null) flush = cutUnread(flush);
        var flushed = await flush.ConfigureAwait(false);
        return !flushed.IsCompleted && !flushed.IsCanceled && !backlog.Overrun;
    }
}

internal enum WatchEnd
{
    /// <summary>Nothing more is to be sent.</summary>
    Over,

    /// <summary>To be gone on with from <see cref="WatchStream.Revision"/>, as far as history has what comes after it.</summary>
    ThreadLost,
}
