using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using ActorOrch.Testing;

namespace ActorOrch.Benchmarks.Harness;

/// <summary>
/// kube-apiserver with etcd. Authorization is by roles, as in a cluster; there is no controller manager, so nobody makes the service accounts
/// that pods are given, and that admission step is off. All else is as it comes.
/// </summary>
internal sealed class KubernetesPeer : IApiServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string _directory = Directory.CreateTempSubdirectory("actororch-bench-peer-").FullName;
    private readonly int _port = FreePorts.Next();
    private readonly List<Process> _processes = [];

    private KubernetesPeer()
    {
    }

    public string Name => "kube-apiserver with etcd";

    public Uri Address => new($"https://127.0.0.1:{_port}/");

    public string Token { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    public TimeSpan CpuTime => TimeSpan.FromTicks(Now().Sum(p => p.TotalProcessorTime.Ticks));

    public long ResidentBytes => Now().Sum(p => p.WorkingSet64);

    /// <param name="apiServer">The binary.</param>
    public static async Task<KubernetesPeer> StartAsync(string apiServer)
    {
        var peer = new KubernetesPeer();
        try
        {
            peer.Launch(apiServer);
            await peer.ReadyAsync();
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    private void Launch(string apiServer)
    {
        var (client, member) = ($"http://127.0.0.1:{FreePorts.Next()}", $"http://127.0.0.1:{FreePorts.Next()}");
        var (key, publicKey, tokens) = (InDirectory("sa.key"), InDirectory("sa.pub"), InDirectory("tokens.csv"));
        using (var rsa = RSA.Create(2048))
        {
            File.WriteAllText(key, rsa.ExportRSAPrivateKeyPem());
            File.WriteAllText(publicKey, rsa.ExportSubjectPublicKeyInfoPem());
        }
        File.WriteAllText(tokens, $"{Token},administrator,administrator,system:masters\n");
        Start("etcd",
            ["--data-dir", InDirectory("etcd"), "--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", member,
                "--initial-advertise-peer-urls", member, "--initial-cluster", $"default={member}", "--log-level", "error"]);
        Start(apiServer,
            [$"--etcd-servers={client}", "--bind-address=127.0.0.1", $"--secure-port={_port}", $"--cert-dir={InDirectory("certs")}", $"--token-auth-file={tokens}",
                "--authorization-mode=RBAC", "--service-account-issuer=https://kubernetes.default.svc", $"--service-account-key-file={publicKey}",
                $"--service-account-signing-key-file={key}", "--service-cluster-ip-range=10.0.0.0/24", "--disable-admission-plugins=ServiceAccount"]);
    }

    private string InDirectory(string name) => Path.Combine(_directory, name);

    private void Start(string program, string[] arguments) => _processes.Add(Process.Start(new ProcessStartInfo("/bin/sh",
        ["-c", $"exec \"$0\" \"$@\" >> {InDirectory("log")} 2>&1", program, .. arguments])) ?? throw new InvalidOperationException($"{program} did not start"));

    private async Task ReadyAsync()
    {
        using var http = this.NewHttpClient();
        using var patience = new CancellationTokenSource(Patience);
        while (!patience.IsCancellationRequested && !_processes.Any(p => p.HasExited))
        {
            if (await IsOkAsync("readyz") && await IsOkAsync("api/v1/namespaces/default")) return;
            await Task.Delay(100);
        }
        throw new InvalidOperationException($"the peer is not ready:\n{await File.ReadAllTextAsync(InDirectory("log"))}");

        async Task<bool> IsOkAsync(string path)
        {
            try
            {
                using var answer = await http.GetAsync(path, patience.Token);
                return answer.StatusCode == HttpStatusCode.OK;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // It does not listen yet, or not in time.
                return false;
            }
        }
    }

    private IEnumerable<Process> Now()
    {
        foreach (var process in _processes)
        {
            process.Refresh();
            yield return process;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Enumerable.Reverse(_processes))
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        Directory.Delete(_directory, recursive: true);
    }
}
