using System.Collections.Immutable;
using ActorOrch.Registry.Persistence.Sqlite;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Persistence.Sql.Journal;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ActorOrch.Registry.Tests.Persistence;

/// <summary>What the journal of a test's actor system is to do with the next write.</summary>
internal sealed class Faults : IExtension
{
    private sealed class Provider : ExtensionIdProvider<Faults>
    {
        public override Faults CreateExtension(ExtendedActorSystem system) => new();
    }

    public static Faults Of(ActorSystem system) => system.WithExtension<Faults, Provider>();

    /// <summary>Held until it completes, before anything is written.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public bool FailBefore { get; set; }

    public bool FailAfter { get; set; }

    /// <summary>Held after everything has been written, before anyone is told.</summary>
    public Task GateAfter { get; set; } = Task.CompletedTask;

    /// <summary>Journal events written so far.</summary>
    public int Events { get; set; }

    public async Task<IImmutableList<Exception>> AroundAsync(int writes, Func<Task<IImmutableList<Exception>>> write)
    {
        var (gate, gateAfter) = (Gate, GateAfter);
        await gate;
        if (FailBefore) throw new SqliteException("database or disk is full", 13);
        var rejected = await write();
        Events += writes;
        await gateAfter;
        return FailAfter ? throw new NpgsqlException("the connection broke") : rejected;
    }
}

/// <summary>A journal in memory that fails on demand, before or after it has written.</summary>
public sealed class FaultyJournal : MemoryJournal
{
    public const string Config = """
        akka.persistence.journal.plugin = "faulty"
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        faulty.class = "ActorOrch.Registry.Tests.Persistence.FaultyJournal, ActorOrch.Registry.Tests"
        faulty.plugin-dispatcher = "akka.actor.default-dispatcher"
        """;

    private readonly Faults _faults = Faults.Of(Context.System);

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var writes = messages.ToArray();
        return _faults.AroundAsync(writes.Length, () => base.WriteMessagesAsync(writes, cancellationToken));
    }
}

/// <summary>The journal on PostgreSQL, likewise.</summary>
public sealed class FaultySqlJournal(Akka.Configuration.Config config) : SqlWriteJournal(config)
{
    private readonly Faults _faults = Faults.Of(Context.System);

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var writes = messages.ToArray();
        return _faults.AroundAsync(writes.Length, () => base.WriteMessagesAsync(writes, cancellationToken));
    }
}

/// <summary>The journal on SQLite, likewise.</summary>
public sealed class FaultySqliteJournal(Akka.Configuration.Config config) : SqliteJournal(config)
{
    private readonly Faults _faults = Faults.Of(Context.System);

    protected override Task<IImmutableList<Exception>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var writes = messages.ToArray();
        return _faults.AroundAsync(writes.Length, () => base.WriteMessagesAsync(writes, cancellationToken)!)!;
    }
}
