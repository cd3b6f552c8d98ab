using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ActorOrch.EndToEnd.Harness;

namespace ActorOrch.EndToEnd.Data;

/// <summary>Files of the data directory are taken away from a process that runs: it says so, and acknowledges nothing that would be lost.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class FilesUnderwayTests
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    private static readonly string[] Needed =
    [
        "journal.db", "journal.db-wal", "journal.db-shm", "snapshots.db", "snapshots.db-wal", "snapshots.db-shm", "store.open", "lock", "cluster-id",
        "pki/store-id", "pki/ca.crt", "pki/ca.key", "pki/secrets.key",
    ];

    private static readonly string[] Renewed = ["pki/serving.crt", "pki/serving.key", "pki/admin.crt", "pki/admin.key", "pki/admin.token"];

    private int _made;

    [Fact]
    public async Task Each_file_that_is_moved_or_replaced_stops_writes_until_it_is_back()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated");
        using var client = RawClient.Of(orchestrator);
        var elsewhere = Path.Combine(orchestrator.DataDirectory, "nodes", "elsewhere");
        foreach (var name in Needed)
        {
            var file = Path.Combine(orchestrator.DataDirectory, name);
            File.Move(file, elsewhere);
            await RefusesAsync(client, orchestrator, name, "is not there any more");
            await File.WriteAllTextAsync(file, "another");
            await RefusesAsync(client, orchestrator, name, name is "store.open" or "cluster-id" || name.StartsWith("pki/", StringComparison.Ordinal) ? "was changed" : "was replaced by another file");
            File.Move(elsewhere, file, overwrite: true);
            await WorksAsync(client, name);
        }
        Assert.Equal(0, await orchestrator.StopAsync());
        Assert.True(File.Exists(Path.Combine(orchestrator.DataDirectory, "store.seal")));
        await orchestrator.StartAsync();
        using var again = RawClient.Of(orchestrator);
        Assert.Equal(await NamesAsync(again), Enumerable.Range(1, _made).Select(n => $"n{n}").ToHashSet());
    }

    [Fact]
    public async Task Every_file_of_the_directory_is_looked_after()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated");
        var found = Directory.EnumerateFiles(orchestrator.DataDirectory).Concat(Directory.EnumerateFiles(Path.Combine(orchestrator.DataDirectory, "pki"), "*", SearchOption.AllDirectories))
            .Select(f => Path.GetRelativePath(orchestrator.DataDirectory, f)).ToHashSet();

        // Made at every start: for those who call, and about the other files, which are looked after themselves.
        Assert.Equal(["kubeconfig", "store.marks"], found.Except(Needed).Except(Renewed).Order(StringComparer.Ordinal));
        Assert.Empty(Needed.Concat(Renewed).Except(found));
    }

    [Fact]
    public async Task What_is_made_anew_at_a_start_is_missed_in_the_log_by_name_and_writes_go_on()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated");
        using var client = RawClient.Of(orchestrator);
        foreach (var name in Renewed)
        {
            File.Delete(Path.Combine(orchestrator.DataDirectory, name));
            await LogsAsync(orchestrator, $"/{name} is not there any more");
            await WorksAsync(client, name);
        }
        Assert.Equal(0, await orchestrator.StopAsync());
        Assert.True(File.Exists(Path.Combine(orchestrator.DataDirectory, "store.seal")));
        await orchestrator.StartAsync();
        foreach (var name in Renewed.Where(n => !n.EndsWith(".key", StringComparison.Ordinal))) await LogsAsync(orchestrator, $"/{name} was missing");
    }

    [Theory]
    [InlineData("journal.db")]
    [InlineData("snapshots.db")]
    public async Task A_deleted_database_is_never_sealed_and_can_be_saved_as_the_log_says(string name)
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated");
        using var client = RawClient.Of(orchestrator);
        await WorksAsync(client, "before");
        var file = Path.Combine(orchestrator.DataDirectory, name);
        File.Delete(file);
        await LogsAsync(orchestrator, $"{file} is not there any more");
        await RefusesAsync(client, orchestrator, name, "is not there any more");
        var copy = orchestrator.Output.Split('\n').Select(l => l.IndexOf("cp /proc/", StringComparison.Ordinal) is >= 0 and var at ? l[at..l.IndexOf(" - ", at, StringComparison.Ordinal)] : null).First(l => l is not null)!;
        Assert.EndsWith(" " + file, copy, StringComparison.Ordinal);
        using (var saving = System.Diagnostics.Process.Start("cp", copy.Split(' ')[1..])) await saving.WaitForExitAsync();

        Assert.Equal(0, await orchestrator.StopAsync());
        Assert.False(File.Exists(Path.Combine(orchestrator.DataDirectory, "store.seal")));
        await orchestrator.StartAsync();
        using var again = RawClient.Of(orchestrator);
        Assert.Contains("n1", await NamesAsync(again));
    }

    [Theory]
    [InlineData("journal.db", "journal.db")]
    [InlineData("journal.db-wal", null)]
    [InlineData("snapshots.db-wal", null)]
    [InlineData("pki/store-id", "store-id")]
    public async Task After_a_stop_without_a_file_nothing_is_sealed_and_the_next_start_refuses_or_has_it_all(string name, string? named)
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated");
        using var client = RawClient.Of(orchestrator);
        await WorksAsync(client, "before");
        File.Delete(Path.Combine(orchestrator.DataDirectory, name));
        await RefusesAsync(client, orchestrator, name, "is not there any more");
        Assert.Equal(0, await orchestrator.StopAsync());

        Assert.False(File.Exists(Path.Combine(orchestrator.DataDirectory, "store.seal")));
        if (named is null)
        {
            await orchestrator.StartAsync();
            using var again = RawClient.Of(orchestrator);
            Assert.Contains("n1", await NamesAsync(again));
            return;
        }
        var refused = await Assert.ThrowsAnyAsync<InvalidOperationException>(orchestrator.StartAsync);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    private async Task RefusesAsync(HttpClient client, OrchestratorProcess orchestrator, string name, string wrong)
    {
        using (var refused = await client.PostAsJsonAsync(ConfigMaps, Named($"n{_made + 1}")))
        {
            var status = (await refused.Content.ReadFromJsonAsync<JsonObject>())!;
            Assert.True(refused.StatusCode == HttpStatusCode.ServiceUnavailable, $"{name}: {(int)refused.StatusCode}: {status}");
            Assert.Contains(Path.GetFileName(name), (string?)status["message"], StringComparison.Ordinal);
        }
        await Eventually.GetAsync(
            async () =>
            {
                using var ready = await client.GetAsync("/readyz?verbose");
                return $"{(int)ready.StatusCode} {await ready.Content.ReadAsStringAsync()}";
            },
            text => text.StartsWith("500", StringComparison.Ordinal) && text.Contains($"[-]store failed: {name} {wrong}", StringComparison.Ordinal), $"/readyz fails: {name} {wrong}");
        await LogsAsync(orchestrator, $"{Path.Combine(orchestrator.DataDirectory, name)} {wrong}");
    }

    private async Task WorksAsync(HttpClient client, string name)
    {
        var last = await Eventually.GetAsync(
            async () =>
            {
                using var made = await client.PostAsJsonAsync(ConfigMaps, Named($"n{_made + 1}"));
                return made.StatusCode;
            },
            code => code is HttpStatusCode.Created, $"writes are taken again, with {name}");
        Assert.Equal(HttpStatusCode.Created, last);
        _made++;
    }

    private static Task LogsAsync(OrchestratorProcess orchestrator, string text) =>
        Eventually.GetAsync(() => Task.FromResult(orchestrator.Output), output => output.Contains(text, StringComparison.Ordinal), $"the log says: {text}");

    private static async Task<HashSet<string>> NamesAsync(HttpClient client) =>
        [.. (await client.GetFromJsonAsync<JsonObject>(ConfigMaps))!["items"]!.AsArray().Select(i => (string)i!["metadata"]!["name"]!).Where(n => n.StartsWith('n'))];

    private static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };
}
