using System.Collections.Concurrent;
using Akka.Actor;

namespace ActorOrch.Registry.Writes;

/// <summary>Writes that wait for a commit, and who is to be told.</summary>
internal sealed class PendingWrites(IReadOnlyList<Write> writes, Action<IReadOnlyList<WriteResult>> answer)
{
    public IReadOnlyList<Write> Writes { get; } = writes;

    /// <summary>Of the JSON that they bring.</summary>
    public long Bytes { get; } = SizeOf(writes);

    public void Answer(IReadOnlyList<WriteResult> results) => answer(results);

    /// <summary>Tells that nothing is promised: the writes may or may not have become durable.</summary>
    public void Fail(string detail)
    {
        var results = new WriteResult[Writes.Count];
        Array.Fill(results, new(WriteOutcome.Unavailable, null, detail));
        answer(results);
    }

    private static long SizeOf(IReadOnlyList<Write> writes)
    {
        var bytes = 0L;
        for (var i = 0; i < writes.Count; i++) bytes += writes[i].Bytes;
        return bytes;
    }
}

/// <summary>
/// Takes the writes of this process to the collection's actor in this process. The actor is told once for all writes that wait,
/// and a write is always answered: one that comes after the actor has stopped is failed by whoever put it in.
/// </summary>
internal sealed class WriteInbox(IActorRef actor)
{
    private readonly ConcurrentQueue<PendingWrites> _waiting = new();
    private int _told;
    private volatile string? _closed;

    public void Post(PendingWrites writes)
    {
        _waiting.Enqueue(writes);
        if (_closed is { } reason) FailAll(reason);
        else if (Interlocked.Exchange(ref _told, 1) == 0) actor.Tell(WritesWaiting.Instance, ActorRefs.NoSender);
    }

    /// <summary>For the actor, when it is told: moves what waits to <paramref name="pending"/>.</summary>
    public void Take(Queue<PendingWrites> pending)
    {
        Volatile.Write(ref _told, 0);
        // A full fence: a write that is put in from here on must see 0 or be seen below.
        Interlocked.MemoryBarrier();
        while (_waiting.TryDequeue(out var writes)) pending.Enqueue(writes);
    }

    public void Close(string reason)
    {
        _closed = reason;
        FailAll(reason);
    }

    private void FailAll(string reason)
    {
        while (_waiting.TryDequeue(out var writes)) writes.Fail(reason);
    }

    public sealed class WritesWaiting : INoSerializationVerificationNeeded
    {
        public static readonly WritesWaiting Instance = new();
    }
}
