using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Persistence;
using Akka.Configuration;

namespace ActorOrch.Registry.Tests.Checkpoints;

public sealed class SqliteHistoryTests : StoredHistoryContract
{
    private readonly TemporaryDirectory _directory;

    public SqliteHistoryTests() : this(new())
    {
    }

    private SqliteHistoryTests(TemporaryDirectory directory) : base(Prepare(directory.Path)) => _directory = directory;

    protected override void AfterAll()
    {
        base.AfterAll();
        _directory.Dispose();
    }

    private static Config Prepare(string directory)
    {
        var config = ActorOrchConfig.Load(new() { Overrides = $"actororch.store.sqlite.directory = \"{directory}\"\nakka.actor.provider = local" });
        Store.Prepare(config);
        return config;
    }
}
