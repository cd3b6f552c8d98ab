using System.Collections.Concurrent;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;

namespace ActorOrch.Registry.Tests;

/// <summary>Writes down what an observer is told.</summary>
internal sealed class Recorder : IChangeObserver
{
    public ConcurrentQueue<Change> Changes { get; } = new();

    public int Resets { get; private set; }

    public IEnumerable<long> Revisions => Changes.Select(c => c.Revision);

    public void OnChanges(IReadOnlyList<Change> changes, Snapshot after)
    {
        foreach (var change in changes) Changes.Enqueue(change);
    }

    public void OnReset(Snapshot current) => Resets++;
}
