using System.Collections.Immutable;
using ActorOrch.Registry.Persistence.Keeping;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Serialization;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>
/// The journal on SQLite, in the table and the encoding of Akka.Persistence.Sql. That one passes every event through a stream, a query
/// builder and a pooled connection, which together take longer than a disk takes to sync, and 30 MB of an idle process.
/// </summary>
public class SqliteJournal : AsyncWriteJournal
{
    private readonly string _writer = Guid.NewGuid().ToString();
    private readonly Serialization _serialization = Context.System.Serialization;
    private readonly ITimeProvider _time = Context.System.Scheduler;
    private readonly SqliteCommits _commits;
    private readonly JournalQueries _queries;
    private readonly string _file;

    public SqliteJournal(Config config)
    {
        var connectionString = config.GetString("connection-string");
        var watch = StoreWatch.Of(Context.System);
        var marks = StoreMarks.Of(Context.System);
        var name = Path.GetFileName(new SqliteConnectionStringBuilder(connectionString).DataSource);
        _commits = new(connectionString, Context.GetLogger(), watch.Require, number => marks.Written(name, number));
        _queries = new(connectionString, watch.Require);
        _file = new SqliteConnectionStringBuilder(connectionString).DataSource;
    }

    protected override void PostStop()
    {
        _commits.Dispose();
        base.PostStop();
    }

    protected override async Task<IImmutableList<Exception>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var now = _time.Now.UtcTicks;
        var rows = new List<JournalRow>();
        foreach (var message in messages)
            foreach (var represented in (IImmutableList<IPersistentRepresentation>)message.Payload)
                rows.Add(JournalRow.Of(represented, _serialization, now, _writer));
        await _commits.WriteAsync(rows).ConfigureAwait(false);
        // No event was rejected by itself.
        return null;
    }

    /// <summary>Of an actor that starts anew: what its predecessor sent last has to be settled first.</summary>
    public override async Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken)
    {
        await _commits.SettledAsync().ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return _queries.HighestSequenceNumber(persistenceId);
    }

    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback) =>
        Task.Run(() =>
        {
            foreach (var row in _queries.Rows(persistenceId, fromSequenceNr, toSequenceNr, max)) recoveryCallback(row.ToPersistent(_serialization, _file));
        });

    /// <summary>Goes on to the end even where nobody waits for it any more: deleting gives way to commits, and may take its time.</summary>
    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken) =>
        _commits.DeleteAsync(persistenceId, toSequenceNr);
}
