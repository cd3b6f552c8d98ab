using ActorOrch.EndToEnd.Harness;
using ActorOrch.Testing;

namespace ActorOrch.EndToEnd.Data;

/// <summary>A data directory of which something is lost or another's is refused, in a line that says what to do, and nothing in it is changed.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class LostDataTests
{
    public static TheoryData<string, string> Losses => new()
    {
        { "journal.db", "journal.db" },
        { "snapshots.db", "snapshots.db" },
        { "journal.db snapshots.db", "journal.db" },
        { "cluster-id", "cluster-id" },
        { "pki", "pki" },
        { "pki/ca.key", "ca.key" },
        { "pki/store-id", "store-id" },
    };

    [Fact]
    public async Task Whatever_is_gone_emptied_or_garbage_is_named_and_nothing_is_made_in_its_place()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated");
        await orchestrator.StopAsync();
        using var kept = new CopiedDirectory(orchestrator.DataDirectory);
        foreach (var row in Losses)
        {
            var (lost, named) = ((string)row[0], (string)row[1]);
            foreach (var how in (string[])["gone", "empty", "garbage"])
            {
                foreach (var path in lost.Split(' ').Select(f => Path.Combine(orchestrator.DataDirectory, f)))
                {
                    if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
                    else File.Delete(path);
                    if (how != "gone" && lost != "pki") await File.WriteAllTextAsync(path, how == "empty" ? "" : "nothing that anyone could use");
                }
                await RefusesAsync(orchestrator, named, $"{lost} {how}");
                kept.PutBack();
            }
        }
        await orchestrator.StartAsync();
    }

    [Fact]
    public async Task Another_clusters_database_keys_or_id_are_refused()
    {
        await using var one = await OrchestratorProcess.UpAsync("simulated");
        await using var two = await OrchestratorProcess.UpAsync("simulated");
        await one.StopAsync();
        await two.StopAsync();
        using var kept = new CopiedDirectory(one.DataDirectory);
        foreach (var file in (string[])["journal.db", "snapshots.db", "cluster-id", "pki/store-id"])
        {
            File.Copy(Path.Combine(two.DataDirectory, file), Path.Combine(one.DataDirectory, file), overwrite: true);
            await RefusesAsync(one, Path.GetFileName(file), file);
            kept.PutBack();
        }
    }

    [Fact]
    public async Task A_journal_that_is_older_than_the_snapshots_is_refused()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated");
        await orchestrator.StopAsync();
        File.Delete(Path.Combine(orchestrator.DataDirectory, "store.seal"));
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={orchestrator.DataDirectory}/snapshots.db;Pooling=False"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot) VALUES ('collection/pods', 1000000, 0, x'00')";
            await command.ExecuteNonQueryAsync();
        }
        await RefusesAsync(orchestrator, "is older than", "journal");
    }

    [Fact]
    public async Task A_byte_that_changed_anywhere_while_it_was_stopped_is_noticed_and_the_file_named()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated");
        Assert.Equal(0, await orchestrator.StopAsync());
        Assert.True(File.Exists(Path.Combine(orchestrator.DataDirectory, "store.seal")));
        var random = new Random(1);
        foreach (var name in (string[])["journal.db", "snapshots.db", "journal.db"])
        {
            var file = Path.Combine(orchestrator.DataDirectory, name);
            var whole = await File.ReadAllBytesAsync(file);
            var damaged = whole.ToArray();
            damaged[random.Next(damaged.Length)] ^= 0x10;
            await File.WriteAllBytesAsync(file, damaged);
            await RefusesAsync(orchestrator, name, "a flipped bit");
            await File.WriteAllBytesAsync(file, whole);
        }
        await orchestrator.StartAsync();
        Assert.False(File.Exists(Path.Combine(orchestrator.DataDirectory, "store.seal")));
        Assert.Equal(0, await orchestrator.StopAsync());
    }

    [Fact]
    public async Task A_write_ahead_log_that_is_not_what_a_killed_process_left_is_noticed_and_named()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated");
        await orchestrator.KillAsync();
        using var kept = new CopiedDirectory(orchestrator.DataDirectory);
        foreach (var name in (string[])["journal.db-wal", "snapshots.db-wal"])
        {
            var log = Path.Combine(orchestrator.DataDirectory, name);
            File.Delete(log);
            await RefusesAsync(orchestrator, $"{name} is missing", "gone");
            kept.PutBack();
        }
        var journal = Path.Combine(orchestrator.DataDirectory, "journal.db-wal");
        var whole = await File.ReadAllBytesAsync(journal);
        Assert.True(whole.Length > 4096, "the log holds nothing");
        foreach (var (how, content) in ((string, byte[])[])[("halved", whole[..(whole.Length / 2)]), ("empty", []), ("flipped", Flipped(whole, whole.Length / 3)), ("header", Flipped(whole, 5))])
        {
            await File.WriteAllBytesAsync(journal, content);
            await RefusesAsync(orchestrator, "journal.db-wal", how);
            kept.PutBack();
        }
        await orchestrator.StartAsync();
        Assert.Equal(0, await orchestrator.StopAsync());
        Assert.False(File.Exists(Path.Combine(orchestrator.DataDirectory, "store.open")));
        Assert.True(File.Exists(Path.Combine(orchestrator.DataDirectory, "store.seal")));
    }

    [Fact]
    public async Task An_older_database_alone_or_with_its_log_is_noticed_after_a_kill_and_after_a_stop()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated");
        Assert.Equal(0, await orchestrator.StopAsync());
        using var stopped = new CopiedDirectory(orchestrator.DataDirectory);
        await orchestrator.StartAsync();
        await orchestrator.KillAsync();
        using var killed = new CopiedDirectory(orchestrator.DataDirectory);
        await orchestrator.StartAsync();
        await orchestrator.KillAsync();
        using (var last = new CopiedDirectory(orchestrator.DataDirectory))
        {
            foreach (var name in (string[])["journal.db", "snapshots.db"])
            {
                foreach (var (older, parts, why) in ((CopiedDirectory, string[], string)[])
                    [
                        (stopped, [name], "is an older file, or another, than when"), (killed, [name], "is an older file, or another, than when"), (killed, [name, name + "-wal", name + "-shm"], "is "),
                    ])
                {
                    foreach (var part in parts) older.PutBack(part);
                    await RefusesAsync(orchestrator, $"{Path.Combine(orchestrator.DataDirectory, name)} {why}", $"{string.Join(' ', parts)} of before");
                    last.PutBack();
                }
            }
        }
        await orchestrator.StartAsync();
        Assert.Equal(0, await orchestrator.StopAsync());
        foreach (var part in (string[])["journal.db", "snapshots.db", "store.seal"]) stopped.PutBack(part);
        await RefusesAsync(orchestrator, "journal.db is older than what was written last", "all of an earlier stop");
        File.Delete(Path.Combine(orchestrator.DataDirectory, "store.marks"));
        await orchestrator.StartAsync();
        Assert.Equal(0, await orchestrator.StopAsync());
    }

    [Fact]
    public async Task Databases_that_have_changed_places_are_noticed()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated");
        Assert.Equal(0, await orchestrator.StopAsync());
        string[] known = ["store.seal", "store.marks"];
        foreach (var name in known) File.Delete(Path.Combine(orchestrator.DataDirectory, name));
        var (journal, snapshots, aside) = (Path.Combine(orchestrator.DataDirectory, "journal.db"), Path.Combine(orchestrator.DataDirectory, "snapshots.db"), Path.Combine(orchestrator.DataDirectory, "aside"));
        File.Move(journal, aside);
        File.Move(snapshots, journal);
        File.Move(aside, snapshots);
        await RefusesAsync(orchestrator, "journal.db is damaged, or another file: it has no table \"journal\"", "swapped");
    }

    [Fact]
    public async Task A_second_process_is_refused_though_the_lock_file_was_deleted()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated");
        File.Delete(Path.Combine(orchestrator.DataDirectory, "lock"));

        var (exitCode, _, errors) = await OneRun.OfAsync("up", "--data-dir", orchestrator.DataDirectory, "--runtime", "simulated", "--api-port", $"{FreePorts.Next()}");

        Assert.Equal(1, exitCode);
        Assert.Contains("journal.db is in use", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        using var client = RawClient.Of(orchestrator);
        Assert.True((await client.GetAsync("/api/v1/namespaces")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_directory_that_all_users_share_is_not_closed_to_them()
    {
        var (exitCode, _, errors) = await OneRun.OfAsync("up", "--data-dir", "/tmp", "--runtime", "simulated", "--api-port", $"{FreePorts.Next()}");

        Assert.Equal(1, exitCode);
        Assert.Contains("is shared by all users", errors, StringComparison.Ordinal);
        Assert.True(File.GetUnixFileMode("/tmp").HasFlag(UnixFileMode.OtherWrite));
    }

    private static async Task RefusesAsync(OrchestratorProcess orchestrator, string named, string what)
    {
        var before = Contents(orchestrator.DataDirectory);
        var (exitCode, _, errors) = await OneRun.OfAsync("up", "--data-dir", orchestrator.DataDirectory, "--runtime", "simulated", "--api-port", $"{FreePorts.Next()}");
        Assert.True(exitCode == 1, $"{what}: exit code {exitCode}: {errors}");
        Assert.True(errors.Contains(named, StringComparison.Ordinal) && errors.Contains($"actororch restore FILE --data-dir {orchestrator.DataDirectory}\n", StringComparison.Ordinal), $"{what}: {errors}");
        Assert.True(errors.StartsWith("actororch: ", StringComparison.Ordinal), $"{what}: {errors}");
        Assert.False(errors.Contains("   at ", StringComparison.Ordinal), $"{what}: {errors}");
        Assert.Equal(before, Contents(orchestrator.DataDirectory));
    }

    private static IReadOnlyList<string> Contents(string directory) =>
    [
        .. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Where(f => !f.EndsWith("-shm", StringComparison.Ordinal) && !f.EndsWith("-wal", StringComparison.Ordinal))
            .Select(f => $"{Path.GetRelativePath(directory, f)} {Content(f)}")
            .Order(StringComparer.Ordinal),
    ];

    private static byte[] Flipped(byte[] whole, int at)
    {
        var copy = whole.ToArray();
        copy[at] ^= 0x10;
        return copy;
    }

    /// <summary>
    /// A database that nothing was lost of is opened, and its log copied into it; then it is sealed again. The lock says which process had it last.
    /// </summary>
    private static string Content(string file)
    {
        var content = File.ReadAllBytes(file);
        var isDatabase = content.AsSpan().StartsWith("SQLite format 3"u8);
        return isDatabase || Path.GetFileName(file) is "store.seal" or "store.marks" or "lock" ? "is there" : Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(content));
    }

    /// <summary>What a directory held, to put it back.</summary>
    private sealed class CopiedDirectory : IDisposable
    {
        private readonly string _directory;
        private readonly string _copy = Directory.CreateTempSubdirectory("actororch-e2e-copy-").FullName;

        public CopiedDirectory(string directory)
        {
            _directory = directory;
            Copy(directory, _copy);
        }

        public void PutBack()
        {
            foreach (var file in Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories)) File.Delete(file);
            Copy(_copy, _directory);
        }

        public void PutBack(string file) => File.Copy(Path.Combine(_copy, file), Path.Combine(_directory, file), overwrite: true);

        public void Dispose() => Directory.Delete(_copy, recursive: true);

        private static void Copy(string from, string to)
        {
            foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            {
                var target = Path.Combine(to, Path.GetRelativePath(from, file));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target, overwrite: true);
            }
        }
    }
}
