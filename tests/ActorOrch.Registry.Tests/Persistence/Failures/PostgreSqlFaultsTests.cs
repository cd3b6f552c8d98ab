using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Writes;
using ActorOrch.Testing;
using Npgsql;
using static ActorOrch.Registry.Tests.Samples;
using static ActorOrch.Resources.Catalog.BuiltIn;

namespace ActorOrch.Registry.Tests.Persistence.Failures;

/// <summary>The kit on PostgreSQL, and what goes wrong with servers: killed, frozen, full, an answer lost on the way.</summary>
public sealed class PostgreSqlFaultsTests : StoreFaultsKit
{
    private PostgreSqlServer _server = null!;
    private string _connection = "";

    protected override Type FaultyJournal => typeof(FaultySqlJournal);

    protected override async Task<string> CreateStoreAsync()
    {
        _server = await PostgreSqlServer.StartNewAsync();
        _connection = $"{await _server.CreateDatabaseAsync()};Maximum Pool Size=16;Command Timeout=2;Cancellation Timeout=500";
        return On(_connection);
    }

    protected override async Task RemoveStoreAsync() => await _server.DisposeAsync();

    private static string On(string connection) => $"""
        actororch.store.provider = postgresql
        actororch.store.postgresql.connection-string = "{connection}"
        """;

    [Fact]
    public async Task A_server_that_is_killed_and_comes_back_has_every_acknowledged_write()
    {
        var (_, registry) = await StartAsync();
        var collection = registry[ConfigMaps];
        using var witness = new Witness(collection);
        var acknowledged = new List<string>();
        WriteResult refused;
        var writing = WriteUntilRefusedAsync(collection, acknowledged);
        await collection.ReadAtLeastAsync(50).AsTask().WaitAsync(Patience);

        await _server.KillAsync();
        refused = await writing.WaitAsync(Patience);

        Assert.Equal(WriteOutcome.Unavailable, refused.Outcome);
        Assert.Equal(WriteOutcome.Unavailable, (await collection.WriteAsync(Create("while-down")).WaitAsync(Patience)).Outcome);
        Assert.Equal(acknowledged.Order(StringComparer.Ordinal), (await collection.ReadConsistentAsync()).List().Select(o => o.Key.Name));
        await _server.StartAsync();
        await OwnedAsync(collection);
        await witness.ResumedAsync("after");
        Assert.Empty(acknowledged.Except(collection.Latest.List().Select(o => o.Key.Name)));
    }

    [Fact]
    public async Task A_server_that_freezes_refuses_writes_until_it_thaws()
    {
        var (_, registry) = await StartAsync();
        var collection = registry[ConfigMaps];
        await collection.WriteAsync(Create("before"));
        using var witness = new Witness(collection);

        await _server.FreezeAsync();
        var refused = await collection.WriteAsync(Create("lost")).WaitAsync(Patience);
        var again = await collection.WriteAsync(Create("while-frozen")).WaitAsync(Patience);

        Assert.Equal((WriteOutcome.Unavailable, WriteOutcome.Unavailable), (refused.Outcome, again.Outcome));
        Assert.Equal(["before"], (await collection.ReadConsistentAsync()).List().Select(o => o.Key.Name));
        await _server.ThawAsync();
        await OwnedAsync(collection);
        await witness.ResumedAsync("after");
    }

    [Fact]
    public async Task A_commit_whose_answer_is_lost_on_the_way_is_found_by_the_recovery()
    {
        var builder = new NpgsqlConnectionStringBuilder(_connection);
        await using var proxy = new PostgreSqlProxy(builder.Host!);
        builder.Host = proxy.Host;
        var (system, registry) = await StartAsync(On(builder.ToString()));
        var collection = registry[ConfigMaps];
        await collection.WriteAsync(Create("before"));
        using var witness = new Witness(collection);

        proxy.LoseNextCommitAnswer();
        Witness.Refused(await collection.WriteAsync(Create("a")).WaitAsync(Patience), "the database cannot be reached");
        await OwnedAsync(collection);

        Assert.Equal(WriteOutcome.AlreadyExists, (await collection.WriteAsync(Create("a"))).Outcome);
        await witness.ResumedAsync("after");
        Assert.Equal(["a", "after", "before"], collection.Latest.List().Select(o => o.Key.Name));
        await system.Terminate();
    }

    [Fact]
    public async Task A_disk_that_is_full_refuses_writes_until_there_is_room()
    {
        using var small = await SmallDisk.MountAsync("24m");
        var (_, registry) = await StartAsync(On(await _server.CreateDatabaseAsync(small.Path)));
        var collection = registry[ConfigMaps];
        using var witness = new Witness(collection);
        var acknowledged = new List<string>();

        // The server compresses what can be compressed.
        var noise = new byte[150_000];
        new Random(1).NextBytes(noise);

        var refused = await WriteUntilRefusedAsync(collection, acknowledged, Convert.ToBase64String(noise)).WaitAsync(Patience);

        Witness.Refused(refused, "the database's disk is full");
        Assert.Equal(acknowledged.Order(StringComparer.Ordinal), (await collection.ReadConsistentAsync()).List().Select(o => o.Key.Name));
        await small.GrowAsync("64m");
        await OwnedAsync(collection);
        await witness.ResumedAsync("after");
    }

    private static async Task<WriteResult> WriteUntilRefusedAsync(ICollection collection, List<string> acknowledged, string data = "")
    {
        while (true)
        {
            var name = $"n{acknowledged.Count}";
            var result = await collection.WriteAsync(Create(name, data));
            if (result.Outcome != WriteOutcome.Committed) return result;
            acknowledged.Add(name);
        }
    }
}
