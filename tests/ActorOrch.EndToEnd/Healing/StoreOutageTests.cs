using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ActorOrch.EndToEnd.Harness;
using ActorOrch.Testing;

namespace ActorOrch.EndToEnd.Healing;

/// <summary>The database under a running orchestrator dies and comes back: nothing has to be started again.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class StoreOutageTests(Machine machine)
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    [Fact]
    public async Task While_postgresql_is_dead_reads_go_on_and_writes_get_503_and_afterwards_everything_works()
    {
        await using var postgres = await PostgreSqlServer.StartNewAsync();
        var config = Path.GetTempFileName();
        await File.WriteAllTextAsync(config, $"""
            actororch.store.provider = postgresql
            actororch.store.postgresql.connection-string = "{await postgres.CreateDatabaseAsync()}"
            """);
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated", "--config", config);
        var kubectl = new Kubectl(machine.Kubectl, orchestrator.Kubeconfig);
        await kubectl.OutputAsync("create", "deployment", "before", "--image=web:1", "--replicas=2");
        await kubectl.OutputAsync("rollout", "status", "deployment/before", "--timeout=60s");
        using var client = RawClient.Of(orchestrator);
        using var made = await client.PostAsJsonAsync(ConfigMaps, Named("made"));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);

        await postgres.KillAsync();
        using (var refused = await client.PostAsJsonAsync(ConfigMaps, Named("refused")))
        {
            var status = (await refused.Content.ReadFromJsonAsync<JsonObject>())!;
            Assert.True(refused.StatusCode == HttpStatusCode.ServiceUnavailable, $"{(int)refused.StatusCode}: {status}");
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
            Assert.Equal(("Failure", "ServiceUnavailable", 1), ((string?)status["status"], (string?)status["reason"], (int?)status["details"]?["retryAfterSeconds"]));
        }
        Assert.Equal("configmap/made", await kubectl.OutputAsync("get", "configmap", "made", "-o", "name"));

        await postgres.StartAsync();
        await Eventually.GetAsync(
            async () =>
            {
                using var again = await client.PostAsJsonAsync(ConfigMaps, Named("afterwards"));
                return again.StatusCode;
            },
            code => code is HttpStatusCode.Created or HttpStatusCode.Conflict, "writes are taken again");
        await kubectl.OutputAsync("create", "deployment", "afterwards", "--image=web:1", "--replicas=2");
        await kubectl.OutputAsync("rollout", "status", "deployment/afterwards", "--timeout=60s");
        await kubectl.OutputAsync("scale", "deployment/before", "--replicas=3");
        await kubectl.OutputAsync("rollout", "status", "deployment/before", "--timeout=60s");
        File.Delete(config);
    }

    [Fact]
    public async Task A_store_that_cannot_be_used_is_named_at_the_start()
    {
        var config = Path.GetTempFileName();
        await File.WriteAllTextAsync(config, """
            actororch.store.provider = postgresql
            actororch.store.postgresql.connection-string = "Host=127.0.0.1;Port=1;Username=nobody;Password=hidden"
            """);
        var data = Directory.CreateTempSubdirectory("actororch-e2e-").FullName;
        var (exitCode, _, errors) = await OneRun.OfAsync(
            "up", "--data-dir", data, "--api-port", $"{FreePorts.Next()}", "--runtime", "simulated", "--config", config);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("actororch: the store cannot be used: ", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", errors, StringComparison.Ordinal);
        Directory.Delete(data, recursive: true);
        File.Delete(config);
    }

    private static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };
}
