using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence.Records;
using Akka.Actor;
using Akka.Persistence;

namespace ActorOrch.Registry.Checkpoints;

/// <summary>A commit and its place in the journal.</summary>
internal readonly record struct JournaledCommit(CommitRecord Record, long SequenceNumber);

/// <summary>
/// Reads commits that lie in the past, the way a recovery does: by the journal's own replay, which every journal has and which sees what a
/// recovery would see. Akka.Persistence.Query would ask the same table the same question, through a stream and a plugin of its own.
/// </summary>
internal sealed class JournalReader(ActorSystem system, IActorRef journal, string persistenceId)
{
    /// <summary>A read is to bring about this many bytes; how many commits that takes is learnt from those read before.</summary>
    private const long BytesAtOnce = 4 << 20;

    private const int FirstRead = 16, LargestRead = 1024;

    /// <summary>Commits after a sequence number, in order, some at a time.</summary>
    public async IAsyncEnumerable<IReadOnlyList<JournaledCommit>> AfterAsync(
        long sequenceNumber, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var size = FirstRead;
        while (true)
        {
            var (commits, highest) = await ReadAsync(sequenceNumber + 1, sequenceNumber + size, cancel).ConfigureAwait(false);
            if (commits.Count > 0) yield return commits;
            sequenceNumber += size;
            if (sequenceNumber >= highest) yield break;
            size = NextSize(size, commits);
        }
    }

    /// <summary>Commits before and at a sequence number, newest first, back to but without <paramref name="oldest"/>.</summary>
    public async IAsyncEnumerable<IReadOnlyList<JournaledCommit>> BackFromAsync(
        long sequenceNumber, long oldest, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var size = FirstRead;
        while (sequenceNumber > oldest)
        {
            var from = Math.Max(oldest + 1, sequenceNumber - size + 1);
            var (commits, _) = await ReadAsync(from, sequenceNumber, cancel).ConfigureAwait(false);
            yield return [.. commits.Reverse()];
            sequenceNumber = from - 1;
            size = NextSize(size, commits);
        }
    }

    public async Task<long> HighestSequenceNumberAsync(CancellationToken cancel) =>
        (await ReadAsync(1, 0, cancel).ConfigureAwait(false)).Highest;

    private static int NextSize(int size, IReadOnlyList<JournaledCommit> commits)
    {
        var bytes = commits.Sum(c => c.Record.Size);
        return bytes == 0 ? LargestRead : (int)Math.Clamp(size * BytesAtOnce / bytes, 1, LargestRead);
    }

    private async Task<(IReadOnlyList<JournaledCommit> Commits, long Highest)> ReadAsync(long from, long to, CancellationToken cancel)
    {
        var done = new TaskCompletionSource<(IReadOnlyList<JournaledCommit>, long)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var reader = system.ActorOf(Props.Create(() => new Replay(journal, persistenceId, from, to, done)));
        try
        {
            return await done.Task.WaitAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            system.Stop(reader);
        }
    }

    /// <summary>Receives one replay.</summary>
    private sealed class Replay : UntypedActor
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

        private readonly List<JournaledCommit> _commits = [];
        private readonly TaskCompletionSource<(IReadOnlyList<JournaledCommit>, long)> _done;

        public Replay(IActorRef journal, string persistenceId, long from, long to, TaskCompletionSource<(IReadOnlyList<JournaledCommit>, long)> done)
        {
            _done = done;
            SetReceiveTimeout(Patience);
            journal.Tell(new ReplayMessages(from, to, long.MaxValue, persistenceId, Self));
        }

        private void Add(CommitRecord record, string id, long number)
        {
            try
            {
                record.Place.Require(id, number);
                _commits.Add(new(record, number));
            }
            catch (DamagedRecordException damaged)
            {
                _done.TrySetException(damaged);
            }
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case ReplayedMessage { Persistent: { Payload: CommitRecord record, SequenceNr: var number, PersistenceId: var id } }:
                    Add(record, id, number);
                    break;
                case RecoverySuccess success:
                    _done.TrySetResult((_commits, success.HighestSequenceNr));
                    break;
                case ReplayMessagesFailure failure:
                    _done.TrySetException(failure.Cause);
                    break;
                case ReceiveTimeout:
                    _done.TrySetException(new TimeoutException($"the journal did not answer within {Patience.TotalSeconds:0} s"));
                    break;
                default:
                    Unhandled(message);
                    break;
            }
        }
    }
}
