using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ActorOrch.EndToEnd.Harness;
using ActorOrch.Testing;

namespace ActorOrch.EndToEnd.Healing;

/// <summary>Two orchestrators that do not know of each other on one database: each believes that it owns every collection.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class TwoOwnersTests
{
    private const string Path = "/api/v1/namespaces/default/configmaps";
    private const int WritesOfEach = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private sealed record Acknowledged(string Name, long Revision);

    [Fact]
    public async Task On_PostgreSQL_they_fence_each_other_and_every_acknowledged_write_is_there_once()
    {
        await using var postgres = await PostgreSqlServer.StartNewAsync();
        var keys = Directory.CreateTempSubdirectory("actororch-e2e-");
        var config = System.IO.Path.GetTempFileName();
        await File.WriteAllTextAsync(config, $"""
            actororch.store.provider = postgresql
            actororch.store.postgresql.connection-string = "{await postgres.CreateDatabaseAsync()}"
            actororch.secrets.key-file = "{keys.FullName}/secrets.key"
            """);
        await using var one = await OrchestratorProcess.UpAsync("simulated", "--config", config);
        await using var two = await OrchestratorProcess.UpAsync("simulated", "--config", config);
        await FightAsync(one, two);
        File.Delete(config);
        keys.Delete(recursive: true);
    }

    [Fact]
    public async Task On_SQLite_they_fence_each_other_and_every_acknowledged_write_is_there_once()
    {
        var config = System.IO.Path.GetTempFileName();
        await File.WriteAllTextAsync(config, "actororch.store.sqlite.exclusive = false");
        await using var one = await OrchestratorProcess.UpAsync("simulated", "--config", config);
        await using var two = await OrchestratorProcess.UpWithFilesAsync(
            "simulated", one.DataDirectory, ["journal.db", "snapshots.db", "cluster-id", "pki"], "--config", config);
        await FightAsync(one, two);
        File.Delete(config);
    }

    private static async Task FightAsync(OrchestratorProcess one, OrchestratorProcess two)
    {
        var acknowledged = new ConcurrentBag<Acknowledged>();
        var refused = new ConcurrentBag<string>();

        await Task.WhenAll(WriteAsync(one, "one", acknowledged, refused), WriteAsync(two, "two", acknowledged, refused)).WaitAsync(Patience);

        Assert.Equal(2 * WritesOfEach, acknowledged.Count);
        Assert.True(!refused.IsEmpty, "neither was ever fenced: they did not own the same collection");
        await one.KillAsync();
        await two.KillAsync();
        await one.StartAsync();
        using var client = RawClient.Of(one);
        var list = (await client.GetFromJsonAsync<JsonObject>(Path))!["items"]!.AsArray()
            .Select(i => new Acknowledged((string)i!["metadata"]!["name"]!, long.Parse((string)i["metadata"]!["resourceVersion"]!))).ToHashSet();
        Assert.Empty(acknowledged.Except(list));
        Assert.Equal(list.Count, list.DistinctBy(o => o.Revision).Count());
    }

    private static async Task WriteAsync(OrchestratorProcess owner, string name, ConcurrentBag<Acknowledged> acknowledged, ConcurrentBag<string> refused)
    {
        using var client = RawClient.Of(owner);
        for (var written = 0; written < WritesOfEach;)
        {
            using var response = await client.PostAsJsonAsync(Path, new JsonObject { ["metadata"] = new JsonObject { ["generateName"] = $"{name}-" } });
            var answer = (await response.Content.ReadFromJsonAsync<JsonObject>())!;
            if (response.StatusCode == HttpStatusCode.Created)
            {
                acknowledged.Add(new((string)answer["metadata"]!["name"]!, long.Parse((string)answer["metadata"]!["resourceVersion"]!)));
                written++;
                continue;
            }
            Assert.True(response.StatusCode == HttpStatusCode.ServiceUnavailable, $"{(int)response.StatusCode}: {answer}");
            var seconds = (int)answer["details"]!["retryAfterSeconds"]!;
            Assert.Equal(TimeSpan.FromSeconds(seconds), response.Headers.RetryAfter?.Delta);
            refused.Add((string)answer["message"]!);
            // As client libraries do.
            using var pause = new PeriodicTimer(TimeSpan.FromSeconds(seconds));
            await pause.WaitForNextTickAsync();
        }
    }
}
