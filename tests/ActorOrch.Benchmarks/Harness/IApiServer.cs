using k8s;

namespace ActorOrch.Benchmarks.Harness;

/// <summary>A server of the Kubernetes API under load, in processes of its own on this machine.</summary>
internal interface IApiServer : IAsyncDisposable
{
    string Name { get; }

    Uri Address { get; }

    /// <summary>The administrator's bearer token.</summary>
    string Token { get; }

    /// <summary>User and kernel time of all its processes so far.</summary>
    TimeSpan CpuTime { get; }

    /// <summary>Resident memory of all its processes, now.</summary>
    long ResidentBytes { get; }
}

/// <summary>Clients of a server, as its administrator.</summary>
internal static class ApiServerClients
{
    /// <summary>A plain client with the bearer token.</summary>
    public static HttpClient NewHttpClient(this IApiServer server)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        var client = new HttpClient(handler) { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", server.Token);
        return client;
    }

    public static Kubernetes NewClient(this IApiServer server) =>
        new(new KubernetesClientConfiguration { Host = server.Address.ToString(), AccessToken = server.Token, SkipTlsVerify = true });
}
