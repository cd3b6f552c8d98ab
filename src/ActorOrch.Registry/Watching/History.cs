using ActorOrch.Registry.Collections;

namespace ActorOrch.Registry.Watching;

/// <summary>
/// The recent changes of a collection, without gaps. A value of this type never changes for its readers, although the newest value
/// and those before it share segments: the one writer fills only slots behind what any older value shows.
/// </summary>
internal sealed class History
{
    internal const int SegmentSize = 256;

    private readonly Segment[] _segments;

    /// <summary>Of the first slot of the first segment.</summary>
    private readonly long _firstRevision;

    private History(Segment[] segments, long firstRevision, long lastRevision)
    {
        _segments = segments;
        _firstRevision = firstRevision;
        LastRevision = lastRevision;
    }

    /// <summary>The revision before the oldest change held: what the collection can be taken back to.</summary>
    public long StartsAfter => _firstRevision - 1;

    public long LastRevision { get; }

    public static History Empty(long revision) => new([], revision + 1, revision);

    public bool ReachesBackTo(long revision) => revision >= StartsAfter && revision <= LastRevision;

    /// <summary>Adds changes and drops the oldest beyond the limits, a segment at a time. For the one writer, on the newest value only.</summary>
    public History Append(IReadOnlyList<Change> changes, HistoryLimits limits)
    {
        var segments = _segments;
        var next = LastRevision + 1;
        foreach (var change in changes)
        {
            if (change.Revision != next)
                throw new InvalidOperationException($"{change.Object.Resource}: history goes on with revision {next}, not {change.Revision}");
            var index = (int)((next - _firstRevision) / SegmentSize);
            if (index == segments.Length) segments = [.. segments, new Segment()];
            segments[index].Changes[(int)((next - _firstRevision) % SegmentSize)] = change;
            segments[index].Bytes += change.Object.Json.Length;
            next++;
        }
        var drop = Excess(segments, next - _firstRevision, limits);
        return new(drop == 0 ? segments : segments[drop..], _firstRevision + (long)drop * SegmentSize, next - 1);
    }

    /// <summary>The changes after a revision, in order; null where history does not reach back to it.</summary>
    public IReadOnlyList<Change>? After(long revision)
    {
        if (!ReachesBackTo(revision)) return null;
        var changes = new Change[LastRevision - revision];
        for (var i = 0; i < changes.Length; i++) changes[i] = At(revision + 1 + i);
        return changes;
    }

    /// <summary>Takes a collection at <see cref="LastRevision"/> back to an earlier revision; null where history does not reach back to it.</summary>
    public Snapshot? Undo(Snapshot latest, long revision)
    {
        if (latest.Revision != LastRevision) throw new ArgumentException("not the snapshot that this history leads to", nameof(latest));
        if (!ReachesBackTo(revision)) return null;
        var builder = new SnapshotBuilder(latest);
        for (var undone = LastRevision; undone > revision; undone--) builder.Undo(At(undone));
        return builder.Build(revision);
    }

    /// <summary>All changes held, from the latest back.</summary>
    public IEnumerable<Change> NewestFirst()
    {
        for (var revision = LastRevision; revision > StartsAfter; revision--) yield return At(revision);
    }

    private Change At(long revision)
    {
        var offset = revision - _firstRevision;
        return _segments[offset / SegmentSize].Changes[offset % SegmentSize];
    }

    private static int Excess(Segment[] segments, long count, HistoryLimits limits)
    {
        var bytes = 0L;
        foreach (var segment in segments) bytes += segment.Bytes;
        var drop = 0;
        while (drop < segments.Length - 1 && (count - SegmentSize >= limits.Versions || bytes - segments[drop].Bytes >= limits.Bytes))
        {
            bytes -= segments[drop].Bytes;
            count -= SegmentSize;
            drop++;
        }
        return drop;
    }

    private sealed class Segment
    {
        public readonly Change[] Changes = new Change[SegmentSize];
        public long Bytes;
    }
}

/// <summary>How far back a collection remembers, whichever is less.</summary>
/// <param name="Versions">Changes of the collection.</param>
/// <param name="Bytes">The size of the versions that the changes made.</param>
public readonly record struct HistoryLimits(long Versions, long Bytes);
