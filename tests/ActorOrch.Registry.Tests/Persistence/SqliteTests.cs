using Microsoft.Data.Sqlite;
using static ActorOrch.Registry.Tests.Samples;
using static ActorOrch.Resources.BuiltIn;

namespace ActorOrch.Registry.Tests.Persistence;

/// <summary>The whole registry on real files: what a process that starts again finds, and what two processes on one database do.</summary>
public sealed class SqliteTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_process_that_starts_again_finds_objects_revisions_and_history()
    {
        var (system, registry) = await TestRegistry.StartAsync(_directory.Path);
        var created = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => registry[ConfigMaps].WriteAsync(Create($"n{i}", $"{i}"))));
        Assert.All(created, r => Assert.Equal(WriteOutcome.Committed, r.Outcome));
        await registry[Pods].WriteAsync(new Write.Create(Pod("p", "node-1")));
        var before = registry[ConfigMaps].Latest;
        await system.Terminate();

        var (again, recovered) = await TestRegistry.StartAsync(_directory.Path);
        var after = recovered[ConfigMaps].Latest;

        Assert.Equal(before.Objects.Values.Select(o => (o.Key, o.Revision, o.ToString())), after.Objects.Values.Select(o => (o.Key, o.Revision, o.ToString())));
        Assert.Equal(501, after.Revision);
        Assert.Equal(100, (await recovered[ConfigMaps].AtAsync(101))!.Count);
        Assert.Equal("p", Assert.Single(recovered[Pods].Lookup(Indexes.NodeName, "node-1")).Key.Name);
        Assert.Equal(502, (await recovered[ConfigMaps].WriteAsync(Remove("n0", after.Get(Key("n0"))!.Revision))).Object!.Revision);
        await again.Terminate();
    }

    [Fact]
    public async Task Of_two_owners_the_one_that_is_behind_is_fenced_and_loses_nothing()
    {
        var (first, one) = await TestRegistry.StartAsync(_directory.Path);
        var (second, two) = await TestRegistry.StartAsync(_directory.Path);
        Assert.True(one[ConfigMaps].IsOwner && two[ConfigMaps].IsOwner);
        Assert.Equal(WriteOutcome.Committed, (await one[ConfigMaps].WriteAsync(Create("from-one"))).Outcome);

        var refused = await two[ConfigMaps].WriteAsync(Create("from-two"));
        Assert.Equal(WriteOutcome.Unavailable, refused.Outcome);

        var recovered = await two[ConfigMaps].ReadAtLeastAsync(2).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(["from-one"], recovered.List().Select(o => o.Key.Name));
        var retried = await two[ConfigMaps].WriteAsync(Create("from-two"));
        Assert.Equal((WriteOutcome.Committed, 3L), (retried.Outcome, retried.Object!.Revision));
        Assert.Equal(WriteOutcome.Unavailable, (await one[ConfigMaps].WriteAsync(Create("late"))).Outcome);
        await Task.WhenAll(first.Terminate(), second.Terminate());
    }

    [Fact]
    public async Task Every_commit_is_synced_and_the_journal_is_written_ahead()
    {
        var (system, registry) = await TestRegistry.StartAsync(_directory.Path);
        await registry[ConfigMaps].WriteAsync(Create("a"));
        await using var connection = new SqliteConnection(system.Settings.Config.GetString("akka.persistence.journal.sql.connection-string"));
        await connection.OpenAsync();

        Assert.Equal("wal", await PragmaAsync(connection, "journal_mode"));
        Assert.Equal("2", await PragmaAsync(connection, "synchronous"));
        await system.Terminate();
    }

    private static async Task<string?> PragmaAsync(SqliteConnection connection, string name)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA {name}";
        return (await command.ExecuteScalarAsync())?.ToString();
    }
}
