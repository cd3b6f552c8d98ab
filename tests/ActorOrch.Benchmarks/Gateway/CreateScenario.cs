using ActorOrch.Benchmarks.Harness;

namespace ActorOrch.Benchmarks.Gateway;

/// <summary>Creates of ConfigMaps of 1 KB over HTTPS with a bearer token, 32 in parallel: each answered when it is durable.</summary>
internal static class CreateScenario
{
    private const int Connections = 32;

    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0]) : 3;
        await using var servers = await ApiServers.StartAsync();
        var creates = new WrkRounds(servers, $"create ConfigMaps of 1 KB, {Connections} connections", (server, duration) => Wrk.RunAsync(
            new(server.Address, "/api/v1/namespaces/default/configmaps"), Connections, duration, $"Authorization: Bearer {server.Token}", "create-configmaps.lua"));
        await creates.WarmUpAsync(Warmup);
        for (var round = 1; round <= rounds; round++) await creates.RunAsync(round, Measured);
        creates.PrintResults();
    }
}
