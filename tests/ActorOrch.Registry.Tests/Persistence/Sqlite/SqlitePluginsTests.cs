using System.Collections.Concurrent;
using ActorOrch.Registry.Checkpoints;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Watching;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Journal;
using Akka.Persistence.Sql.Snapshot;
using static ActorOrch.Registry.Tests.Samples;

namespace ActorOrch.Registry.Tests.Persistence.Sqlite;

/// <summary>Our plugins for SQLite beside Akka.Persistence.Sql's: what the one writes the other reads.</summary>
public sealed class SqlitePluginsTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();
    private readonly List<ActorSystem> _systems = [];

    public void Dispose()
    {
        foreach (var system in _systems) system.Terminate().Wait(Patience);
        _directory.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_one_wrote_the_other_recovers(bool oursFirst)
    {
        var first = Start(ours: oursFirst);
        await WriteAsync(first, from: 2, count: 5);
        await AskAsync(first, new Save(Collection(4, new RecordedObject(Key("s"), 4, [7]))));
        await first.Actor.GracefulStop(Patience);

        var second = Start(ours: !oursFirst);
        var seen = await RecoveredAsync(second);

        Assert.Equal((4L, 5L), (seen.Snapshot!.Checkpoint.Revision, seen.SnapshotNumber));
        Assert.Equal([7], Assert.Single(seen.Snapshot.Objects).Json);
        Assert.Empty(seen.Events);
        await WriteAsync(second, from: 7, count: 2);
        await second.Actor.GracefulStop(Patience);

        Assert.Equal([7L, 8L], (await RecoveredAsync(Start(ours: oursFirst))).Events.Select(e => e.FirstRevision));
    }

    [Fact]
    public async Task Deleted_events_are_gone_and_their_numbers_are_not_used_again()
    {
        var writer = Start(ours: true);
        await WriteAsync(writer, from: 2, count: 40);
        await AskAsync(writer, new DeleteUpTo(20));
        await writer.Actor.GracefulStop(Patience);
        Assert.Equal(22, (await RecoveredAsync(Start(ours: true))).Events[0].FirstRevision);

        var again = Start(ours: true);
        await AskAsync(again, new DeleteUpTo(40));
        await again.Actor.GracefulStop(Patience);
        var emptied = Start(ours: true);
        Assert.Empty((await RecoveredAsync(emptied)).Events);
        await WriteAsync(emptied, from: 42, count: 1);

        Assert.Equal(41, (await RecoveredAsync(emptied)).LastNumber);
    }

    [Fact]
    public async Task Deleted_snapshots_are_gone_and_the_latest_that_is_left_is_found()
    {
        var writer = Start(ours: true);
        for (var revision = 2; revision <= 4; revision++)
        {
            await WriteAsync(writer, revision, 1);
            await AskAsync(writer, new Save(Collection(revision)));
        }
        await AskAsync(writer, new DeleteSnapshot(3));
        await writer.Actor.GracefulStop(Patience);
        Assert.Equal(3, (await RecoveredAsync(Start(ours: true))).Snapshot!.Checkpoint.Revision);
    }

    private static async Task WriteAsync((ActorSystem System, IActorRef Actor) writer, long from, int count)
    {
        for (var i = 0; i < count; i++) await AskAsync(writer, new CommitRecord(from + i, 0, [new(ChangeKind.Added, Key($"n{i}"), [1, 2, 3])]));
    }

    private static CollectionRecord Collection(long revision, params RecordedObject[] objects) => new(new(revision, revision, 0, 0), [], objects);

    private static Task<string> AskAsync((ActorSystem System, IActorRef Actor) writer, object message) => writer.Actor.Ask<string>(message, Patience);

    private static Task<Seen> RecoveredAsync((ActorSystem System, IActorRef Actor) reader) => reader.Actor.Ask<Seen>("seen", Patience);

    private (ActorSystem System, IActorRef Actor) Start(bool ours)
    {
        var config = ActorOrchConfig.Load(new() { Overrides = $"""
            actororch.store.sqlite.directory = "{_directory.Path}"
            akka.actor.provider = local
            akka.loglevel = WARNING
            """ });
        Store.Prepare(config);
        if (!ours)
            config = ConfigurationFactory.ParseString($"""
                akka.persistence.journal.sql.class = "{typeof(SqlWriteJournal).FullName}, Akka.Persistence.Sql"
                akka.persistence.snapshot-store.sql.class = "{typeof(SqlSnapshotStore).FullName}, Akka.Persistence.Sql"
                """).WithFallback(config);
        var system = ActorSystem.Create("plugins", config);
        _systems.Add(system);
        return (system, system.ActorOf(Props.Create(() => new Writer())));
    }

    private sealed record Seen(CollectionRecord? Snapshot, long SnapshotNumber, IReadOnlyList<CommitRecord> Events, long LastNumber);

    private sealed record Save(CollectionRecord Record);

    private sealed record DeleteUpTo(long Number);

    private sealed record DeleteSnapshot(long Number);

    /// <summary>Answers when what it was told to do is done, and tells what it recovered.</summary>
    private sealed class Writer : UntypedPersistentActor
    {
        private readonly ConcurrentQueue<CommitRecord> _events = [];
        private CollectionRecord? _snapshot;
        private long _snapshotNumber;
        private IActorRef _asker = ActorRefs.Nobody;

        public override string PersistenceId => "writer";

        protected override void OnRecover(object message)
        {
            if (message is SnapshotOffer offer) (_snapshot, _snapshotNumber) = ((CollectionRecord)offer.Snapshot, offer.Metadata.SequenceNr);
            if (message is CommitRecord record) _events.Enqueue(record);
        }

        protected override void OnCommand(object message)
        {
            switch (message)
            {
                case CommitRecord record:
                    var asker = Sender;
                    Persist(record, _ => asker.Tell("stored"));
                    break;
                case Save save:
                    _asker = Sender;
                    SaveSnapshot(save.Record);
                    break;
                case DeleteUpTo delete:
                    _asker = Sender;
                    DeleteMessages(delete.Number);
                    break;
                case DeleteSnapshot delete:
                    _asker = Sender;
                    DeleteSnapshot(delete.Number);
                    break;
                case SaveSnapshotSuccess or DeleteMessagesSuccess or DeleteSnapshotSuccess:
                    _asker.Tell("done");
                    break;
                case "seen":
                    Sender.Tell(new Seen(_snapshot, _snapshotNumber, [.. _events], LastSequenceNr));
                    break;
                default:
                    _asker.Tell(new Status.Failure(new InvalidOperationException($"{message}")));
                    break;
            }
        }
    }
}
