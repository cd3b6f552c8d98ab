using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ActorOrch.Contracts.Streams;
using ActorOrch.Gateway.Pki;
using ActorOrch.Gateway.Serving;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Testing;

namespace ActorOrch.Gateway.Tests.Fixtures;

/// <summary>The real server on a free loopback port over collections in memory.</summary>
public sealed class TestGateway : IAsyncDisposable
{
    private static readonly ServingNames Names = new(["localhost"], [IPAddress.Loopback, IPAddress.IPv6Loopback]);

    private readonly TimeProvider _time;

    private TestGateway(ClusterPki pki, GatewayServer server, InMemoryRegistry registry, Scratch scratch, TimeProvider time)
    {
        _time = time;
        Pki = pki;
        Server = server;
        Registry = registry;
        Scratch = scratch;
        Client = NewClient(pki.Administrator);
    }

    public ClusterPki Pki { get; }
    public GatewayServer Server { get; }
    public InMemoryRegistry Registry { get; }
    public Scratch Scratch { get; }

    /// <summary>A client with the administrator's certificate.</summary>
    public HttpClient Client { get; }

    public static async Task<TestGateway> StartAsync(
        INodeStreamsLocator? nodes = null, TimeProvider? time = null, Func<GatewayOptions, GatewayOptions>? change = null)
    {
        var scratch = new Scratch();
        var registry = new InMemoryRegistry();
        var pki = ClusterPki.LoadOrCreate(scratch.Path, Names, time ?? TimeProvider.System);
        var options = new GatewayOptions
        {
            Api = new ObjectApi(registry, [], time ?? TimeProvider.System, new(1)),
            NodeStreams = nodes ?? new NoNodes(),
            Pki = pki,
            Tokens = [ClusterPki.AdministratorIdentity(pki.AdministratorToken)],
            Time = time ?? TimeProvider.System,
        };
        var server = new GatewayServer(change is null ? options : change(options));
        await server.StartAsync();
        return new(pki, server, registry, scratch, time ?? TimeProvider.System);
    }

    /// <summary>A client that trusts the cluster's authority alone.</summary>
    public HttpClient NewClient(X509Certificate2? certificate = null, string? token = null, bool followRedirects = true)
    {
        var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, AllowAutoRedirect = followRedirects };
        handler.SslOptions.CertificateChainPolicy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { Pki.Authority.Certificate },
            VerificationTimeIgnored = false,
            VerificationTime = _time.GetUtcNow().UtcDateTime,
        };
        if (certificate is not null)
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true);
        var client = new HttpClient(handler) { BaseAddress = Server.Address };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async Task<(HttpStatusCode Code, JsonObject Body)> SendAsync(
        string method, string path, string? body = null, string contentType = "application/json", string? accept = null)
    {
        using var response = await RespondAsync(method, path, body, contentType, accept);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }

    public async Task<HttpResponseMessage> RespondAsync(
        string method, string path, string? body = null, string contentType = "application/json", string? accept = null)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null) request.Content = new StringContent(body, MediaTypeHeaderValue.Parse(contentType));
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        return await Client.SendAsync(request);
    }

    /// <summary>Stores a ConfigMap past the API.</summary>
    public Task PutConfigMapAsync(string @namespace, string name, string labels = "{}") => Registry.PutAsync(
        BuiltIn.ConfigMaps,
        JsonNode.Parse($$$"""{"metadata":{"name":"{{{name}}}","namespace":"{{{@namespace}}}","labels":{{{labels}}},"creationTimestamp":"2026-01-01T00:00:00Z"},"data":{"k":"v"}}""")!.AsObject());

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        Scratch.Dispose();
    }

    private sealed class NoNodes : INodeStreamsLocator
    {
        public INodeStreams? Find(string nodeName) => null;
    }
}
