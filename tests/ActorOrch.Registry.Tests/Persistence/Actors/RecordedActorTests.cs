using System.Data.Common;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Health;
using ActorOrch.Registry.Persistence;
using Akka.Actor;
using Akka.Configuration;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Registry.Tests.Persistence.Actors;

public sealed class SqliteRecordedActorTests : RecordedActorTests
{
    private readonly TemporaryDirectory _directory = new();

    protected override Task<string> SettingsAsync() => Task.FromResult(TestRegistry.OnSqlite(_directory.Path));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_start_after_a_kill_finds_every_bit_of_a_row_that_is_another_and_names_file_and_row()
    {
        await WriteAsync(4);
        Assert.Empty(Store.FindDamage(Config));
        var bytes = Bytes("journal", 3);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            Put("journal", 3, Flipped(bytes, bit));
            Assert.StartsWith("journal.db is damaged: counter-1, row 3: ", Assert.Single(Store.FindDamage(Config)), StringComparison.Ordinal);
        }
        Put("journal", 3, Bytes("journal", 2));
        Assert.Contains("is the row 2 of counter-1", Assert.Single(Store.FindDamage(Config)), StringComparison.Ordinal);
        Put("journal", 3, bytes);
        Execute("UPDATE journal SET manifest = 'actor-recorc/1' WHERE sequence_number = 2");
        Assert.Contains("row 2: its manifest", Assert.Single(Store.FindDamage(Config)), StringComparison.Ordinal);
        Execute("UPDATE journal SET manifest = 'actor-record/1', identifier = 7400 WHERE sequence_number = 2");
        Assert.Contains("row 2: its manifest", Assert.Single(Store.FindDamage(Config)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Set_aside_what_followed_on_a_damaged_row_goes_with_it()
    {
        await WriteAsync(5);
        Put("journal", 3, Flipped(Bytes("journal", 3), 80));

        var aside = Store.SetDamageAside(Config);

        Assert.Equal(3, aside.Count);
        Assert.StartsWith("journal.db: counter-1, row 3: ", aside[0], StringComparison.Ordinal);
        Assert.Empty(Store.SetDamageAside(Config));
        Assert.Empty(Store.FindDamage(Config));
        Assert.Equal(2, await CountAsync());
        await WriteAsync(4);
        Assert.Equal(4, await CountAsync());
    }

    [Fact]
    public async Task Set_aside_what_a_snapshot_holds_already_is_not_missed_and_what_rested_on_a_lost_snapshot_is()
    {
        await WriteAsync(3, snapshot: true);
        Put("journal", 3, Flipped(Bytes("journal", 3), 80));

        Assert.Single(Store.SetDamageAside(Config));
        Assert.Null(Store.Inspect(Config, new("", null, null, HasKeys: false)).Behind);
        Assert.Equal(3, await CountAsync());

        await WriteAsync(5);
        Execute("DELETE FROM journal WHERE sequence_number < 4");
        Put("snapshot", 3, Flipped(Bytes("snapshot", 3), 80));
        Assert.Equal(["snapshots.db", "journal.db", "journal.db"], Store.SetDamageAside(Config).Select(l => l.Split(':')[0]));
        Assert.Equal(0, await CountAsync());
    }
}

public sealed class PostgreSqlRecordedActorTests(PostgreSqlFixture postgres) : RecordedActorTests, IClassFixture<PostgreSqlFixture>
{
    protected override Task<string> SettingsAsync() => PostgreSqlFixture.SettingsAsync(postgres.Server);
}

/// <summary>What an actor that is no collection finds of its rows, where nobody looked at the store before.</summary>
public abstract class RecordedActorTests : IAsyncLifetime
{
    private ActorSystem? _system;

    private protected Config Config { get; private set; } = Config.Empty;

    protected abstract Task<string> SettingsAsync();

    public async Task InitializeAsync()
    {
        Config = ActorOrchConfig.Load(new() { Overrides = $"akka.loglevel = OFF\nakka.actor.provider = local\n{await SettingsAsync()}" });
        Store.Prepare(Config);
    }

    public virtual async Task DisposeAsync() => await StopAsync();

    [Fact]
    public async Task What_was_recorded_is_there_again_from_the_journal_and_from_a_snapshot()
    {
        await WriteAsync(40);
        Assert.Equal(40, await CountAsync());
        await WriteAsync(50, snapshot: true);
        await WriteAsync(60);
        Assert.Equal(60, await CountAsync());
    }

    [Fact]
    public async Task What_the_version_before_stored_is_read_and_written_on()
    {
        var before = System().ActorOf(Props.Create<Counter.Before>());
        for (var i = 1; i <= 3; i++) await before.Ask<int>(i, TimeSpan.FromSeconds(20));
        await StopAsync();

        Assert.Equal(3, await CountAsync());
        await WriteAsync(5);
        Assert.Equal(5, await CountAsync());
    }

    [Theory]
    [InlineData("journal", 0)]
    [InlineData("journal", 3)]
    [InlineData("journal", 40)]
    [InlineData("journal", 90)]
    [InlineData("journal", -1)]
    [InlineData("snapshot", 3)]
    [InlineData("snapshot", 90)]
    [InlineData("snapshot", -1)]
    public async Task A_damaged_row_is_named_and_the_actor_rests_however_many_messages_come_until_the_row_is_mended(string table, int bit)
    {
        await WriteAsync(2, snapshot: true);
        await WriteAsync(5);
        var number = table == "journal" ? 4 : 2;
        var bytes = Bytes(table, number);
        Put(table, number, Flipped(bytes, bit < 0 ? bytes.Length * 8 + bit : bit));
        var shard = System().ActorOf(Props.Create<Counter.Shard>());
        var check = new RecordsHealthCheck(_system!);

        shard.Tell("count");
        string? found = null;
        await Eventually(async () => (found = await check.CheckAsync(default)) is not null);

        Assert.Contains($"is damaged: counter-1, row {number}: ", found, StringComparison.Ordinal);
        Assert.Contains(table, found, StringComparison.Ordinal);
        for (var i = 0; i < 2000; i++) shard.Tell("count");
        Assert.InRange(await shard.Ask<int>("started", TimeSpan.FromSeconds(20)), 1, 3);
        Put(table, number, bytes);
        await Eventually(async () => await TryCountAsync(shard) == 5);
        Assert.Null(await check.CheckAsync(default));
    }

    [Fact]
    public async Task A_row_that_was_put_in_anothers_place_is_named()
    {
        await WriteAsync(5);
        Put("journal", 4, Bytes("journal", 3));
        var shard = System().ActorOf(Props.Create<Counter.Shard>());
        var check = new RecordsHealthCheck(_system!);

        shard.Tell("count");
        string? found = null;
        await Eventually(async () => (found = await check.CheckAsync(default)) is not null);

        Assert.Contains("row 4: ", found, StringComparison.Ordinal);
        Assert.Contains("is the row 3 of counter-1", found, StringComparison.Ordinal);
    }

    private protected async Task WriteAsync(int to, bool snapshot = false)
    {
        var shard = System().ActorOf(Props.Create<Counter.Shard>());
        Assert.Equal(to, await shard.Ask<int>(to, TimeSpan.FromSeconds(20)));
        if (snapshot) Assert.Equal(to, await shard.Ask<int>("snapshot", TimeSpan.FromSeconds(20)));
        await StopAsync();
    }

    private protected async Task<int> CountAsync()
    {
        var count = await System().ActorOf(Props.Create<Counter.Shard>()).Ask<int>("count", TimeSpan.FromSeconds(20));
        await StopAsync();
        return count;
    }

    private protected byte[] Bytes(string table, int number) => Store.OnTable(Config, table, connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Column(table)} FROM {table} WHERE persistence_id = '{Counter.Id}' AND sequence_number = {number}";
        return (byte[])command.ExecuteScalar()!;
    });

    private protected void Put(string table, int number, byte[] bytes) => Store.OnTable(Config, table, connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"UPDATE {table} SET {Column(table)} = @bytes WHERE persistence_id = '{Counter.Id}' AND sequence_number = {number}";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@bytes", bytes);
        command.Parameters.Add(parameter);
        return command.ExecuteNonQuery();
    });

    private protected void Execute(string sql) => Store.OnTable(Config, "journal", connection =>
    {
        using DbCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    });

    private protected static byte[] Flipped(byte[] bytes, int bit)
    {
        var flipped = bytes.ToArray();
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }

    private static string Column(string table) => table == "journal" ? "message" : "snapshot";

    private static async Task<int> TryCountAsync(IActorRef shard)
    {
        try
        {
            return await shard.Ask<int>("count", TimeSpan.FromMilliseconds(300));
        }
        catch (AskTimeoutException)
        {
            return -1;
        }
    }

    private static async Task Eventually(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            Assert.False(patience.IsCancellationRequested, "it did not come to that");
            await Task.Yield();
        }
    }

    private ActorSystem System() => _system = ActorSystem.Create("recorded", Config);

    private async Task StopAsync()
    {
        if (_system is not null) await _system.Terminate();
        _system = null;
    }
}
