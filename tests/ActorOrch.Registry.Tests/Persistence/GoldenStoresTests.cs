using System.Globalization;
using ActorOrch.Registry.Collections;
using Microsoft.Data.Sqlite;
using static ActorOrch.Registry.Tests.Samples;
using static ActorOrch.Resources.Catalog.BuiltIn;

namespace ActorOrch.Registry.Tests.Persistence;

/// <summary>
/// Whole databases as each form of what is stored left them, in <c>Golden/Stores/NUMBER</c>: SQLite's two files, with a snapshot and a
/// journal behind it, and in <c>expected.txt</c> what was in them. Each must load for ever. <see cref="WriteAsync"/> makes them; whoever
/// stores something in another form adds the next directory.
/// </summary>
public sealed class GoldenStoresTests
{
    /// <summary>Set to a directory, the tests write there what is stored now.</summary>
    private const string WriteTo = "ACTORORCH_WRITE_GOLDEN_STORE";

    private static readonly string Short = """
        actororch.registry.history.versions = 256
        actororch.registry.history.memory.versions = 256
        actororch.registry.checkpoint.commits = 64
        """;

    public static TheoryData<string> Forms =>
        [.. Directory.GetDirectories(Path.Combine(AppContext.BaseDirectory, "Persistence", "Golden", "Stores")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task What_an_earlier_form_stored_is_found_and_written_on(string form)
    {
        using var directory = new TemporaryDirectory();
        var golden = Path.Combine(AppContext.BaseDirectory, "Persistence", "Golden", "Stores", form);
        foreach (var file in Directory.GetFiles(golden, "*.db")) File.Copy(file, Path.Combine(directory.Path, Path.GetFileName(file)));

        var (system, registry) = await TestRegistry.StartOnAsync($"{TestRegistry.OnSqlite(directory.Path)}{Short}");
        var collection = registry[ConfigMaps];

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(golden, "expected.txt")), Describe(collection));
        var revision = collection.Latest.Revision;
        Assert.Equal(revision + 1, (await collection.WriteAsync(Create("written-later"))).Object!.Revision);
        await system.Terminate();
        var (again, recovered) = await TestRegistry.StartOnAsync($"{TestRegistry.OnSqlite(directory.Path)}{Short}");
        Assert.Equal(revision + 1, recovered[ConfigMaps].Latest.Revision);
        await again.Terminate();
        SqliteConnection.ClearAllPools();
    }

    [Fact]
    public async Task A_store_that_is_written_today_is_described_as_it_is_read()
    {
        using var directory = new TemporaryDirectory();
        var target = Environment.GetEnvironmentVariable(WriteTo) is { Length: > 0 } golden ? Directory.CreateDirectory(golden).FullName : directory.Path;

        var expected = await WriteAsync(target);

        var (system, registry) = await TestRegistry.StartOnAsync($"{TestRegistry.OnSqlite(target)}{Short}");
        Assert.Equal(expected, Describe(registry[ConfigMaps]));
        await system.Terminate();
        SqliteConnection.ClearAllPools();
    }

    private static async Task<string> WriteAsync(string directory)
    {
        var (system, registry) = await TestRegistry.StartOnAsync($"{TestRegistry.OnSqlite(directory)}{Short}");
        var collection = registry[ConfigMaps];
        await collection.WriteAsync(Create("only-in-the-snapshot", "größe"));
        var revision = (await collection.WriteAsync(Create("hot"))).Object!.Revision;
        for (var i = 0; i < 1000; i++) revision = (await collection.WriteAsync(Replace("hot", revision, $"{i}"))).Object!.Revision;
        await collection.WriteAsync([Create("a"), Create("b"), Create("c")]);
        await collection.WriteAsync(Remove("b", collection.Latest.Get(Key("b"))!.Revision));
        var expected = Describe(collection);
        await system.Terminate();
        SqliteConnection.ClearAllPools();
        await File.WriteAllTextAsync(Path.Combine(directory, "expected.txt"), expected);
        return expected;
    }

    /// <summary>The objects, and the last changes from the history.</summary>
    private static string Describe(ICollection collection)
    {
        var recorder = new Recorder();
        collection.Subscribe(collection.Latest.Revision - 200, recorder).Dispose();
        return string.Create(CultureInfo.InvariantCulture, $"""
            revision {collection.Latest.Revision}
            {string.Join('\n', collection.Latest.List())}
            {string.Join('\n', recorder.Changes.Select(c => $"{c.Revision} {c.Kind} {c.Key.Name} after {c.Previous?.Revision ?? 0}"))}

            """);
    }
}
