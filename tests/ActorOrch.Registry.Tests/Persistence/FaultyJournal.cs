using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

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

    /// <summary>Journal events written so far.</summary>
    public int Events { get; set; }
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

    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var writes = messages.ToArray();
        await _faults.Gate;
        if (_faults.FailBefore) throw new IOException("the disk is full");
        var rejected = await base.WriteMessagesAsync(writes, cancellationToken);
        _faults.Events += writes.Length;
        return _faults.FailAfter ? throw new IOException("the connection broke") : rejected;
    }
}
