using System.Diagnostics;
using ActorOrch.Benchmarks.Harness;
using ActorOrch.Testing;
using k8s;
using k8s.Models;

namespace ActorOrch.Benchmarks.Footprint;

/// <summary>What Secrets that none of its pods refers to cost a process that only works: its resident memory in a cluster without them, and in one with many.</summary>
internal static class Worker
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(string[] args)
    {
        var secrets = args.Length > 0 ? int.Parse(args[0]) : 2000;
        var bytes = args.Length > 1 ? int.Parse(args[1]) : 10_000;
        var files = Directory.CreateTempSubdirectory("actororch-bench-");
        try
        {
            var port = FreePorts.Next();
            await using var seed = await BenchOrchestrator.StartAsync("simulated", "--config", Config("seed", $"akka.remote.dot-netty.tcp.port = {port}\nakka.cluster.roles = [control-plane]"));
            var keys = Path.Combine(files.FullName, "keys");
            using (var pki = Process.Start("dotnet",
                [BenchOrchestrator.Executable, "pki", "node", "w", "--role", "worker", "--host", "127.0.0.1", "--data-dir", Path.GetDirectoryName(seed.Kubeconfig)!, "--out", keys]))
                await pki.WaitForExitAsync();
            var config = Config("worker", $"akka.cluster.roles = [worker]\nactororch.node.name = w\nactororch.cluster.tls.directory = \"{keys}\"");

            var without = await ResidentAsync(config);
            await Parallel.ForEachAsync(Enumerable.Range(0, secrets), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancel) => await seed.Client.CoreV1.CreateNamespacedSecretAsync(
                new V1Secret { Metadata = new() { Name = $"s{i}" }, Data = new Dictionary<string, byte[]> { ["text"] = Text(i, bytes) } }, "default", cancellationToken: cancel));
            var with = await ResidentAsync(config);
            Console.WriteLine($"resident memory of a worker: {without / 1e6:0} MB without Secrets, {with / 1e6:0} MB with {secrets} of {bytes} bytes to which no pod refers");

            string Config(string name, string settings)
            {
                var file = Path.Combine(files.FullName, $"{name}.hocon");
                File.WriteAllText(file, $"akka.cluster.seed-nodes = [\"akka.tcp://actororch@127.0.0.1:{port}\"]\n{settings}");
                return file;
            }
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    private static async Task<long> ResidentAsync(string config)
    {
        await using var worker = await BenchOrchestrator.StartAsync("simulated", "--config", config);
        await Task.Delay(Settle);
        return worker.ResidentBytes;
    }

    private static byte[] Text(int seed, int bytes)
    {
        var text = new byte[bytes];
        new Random(seed).NextBytes(text);
        return text;
    }
}
