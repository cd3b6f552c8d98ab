namespace ActorOrch.Benchmarks.Harness;

/// <summary>
/// Whoever is measured in one run, in turns: ours, and beside it Kubernetes' own where <c>KUBE_APISERVER</c> says where the peer's binary is
/// (Debian's package <c>etcd-server</c> has the other half of it). Ratios of rounds that follow on each other hold on a noisy machine; rates do not.
/// </summary>
internal sealed class ApiServers : IAsyncDisposable
{
    private ApiServers(IReadOnlyList<IApiServer> all) => All = all;

    /// <summary>Ours first.</summary>
    public IReadOnlyList<IApiServer> All { get; }

    public static async Task<ApiServers> StartAsync()
    {
        var ours = await BenchOrchestrator.StartAsync("simulated");
        if (Environment.GetEnvironmentVariable("KUBE_APISERVER") is not { Length: > 0 } peer) return new([ours]);
        try
        {
            return new([ours, await KubernetesPeer.StartAsync(peer)]);
        }
        catch
        {
            await ours.DisposeAsync();
            throw;
        }
    }

    /// <summary>Prints what each did and, where there is a peer, what ours did of its rate, round by round.</summary>
    public void PrintRates(string what, IReadOnlyDictionary<IApiServer, List<double>> rates)
    {
        foreach (var server in All) Console.WriteLine($"{what}, {server.Name}: {Figures.Rate(rates[server])}");
        if (All is [var ours, var peer])
            Console.WriteLine($"{what}, of the peer's rate: {Figures.Ratio(rates[ours].Zip(rates[peer], (a, b) => a / b))}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in All) await server.DisposeAsync();
    }
}
