using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using ActorOrch.Contracts.Streams;
using ActorOrch.Controllers;
using ActorOrch.Controllers.Events;
using ActorOrch.Gateway.Pki;
using ActorOrch.Gateway.Serving;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Admission;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using Akka.Actor;

namespace ActorOrch.Gateway.Tests.CustomKinds;

/// <summary>A process of a cluster: collections in a store that all share, controllers, and an API of its own.</summary>
internal sealed class ClusterProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ActorSystem _system;
    private readonly GatewayServer _server;

    private ClusterProcess(ActorSystem system, ClusterRegistry registry, ObjectApi api, GatewayServer server, HttpClient client)
    {
        _system = system;
        _server = server;
        Registry = registry;
        Api = api;
        Client = client;
    }

    public ClusterRegistry Registry { get; }

    /// <summary>For what the API does not serve: definitions.</summary>
    public ObjectApi Api { get; }

    public HttpClient Client { get; }

    /// <param name="directory">Of the store, the keys and the certificates.</param>
    public static async Task<ClusterProcess> StartAsync(string directory, int port, int seed)
    {
        var config = ActorOrchConfig.Load(new()
        {
            Overrides = $"""
                akka.loglevel = WARNING
                actororch.store.sqlite.directory = "{directory}"
                actororch.cluster.tls.directory = "{directory}/keys"
                akka.remote.dot-netty.tcp.port = {port}
                akka.cluster.seed-nodes = ["akka.tcp://actororch@127.0.0.1:{seed}"]
                """,
        }).WithFallback(ReconcilerRegions.DefaultConfig).WithFallback(ControllersHost.DefaultConfig);
        Store.Prepare(config);
        var system = ActorSystem.Create("actororch", config);
        using var patience = new CancellationTokenSource(Patience);
        var registry = await ClusterRegistry.StartAsync(system, [.. BuiltIn.All, BuiltIn.CustomResourceDefinitions], RegistrySettings.From(config), patience.Token);
        var api = new ObjectApi(registry, [new NamespaceLifecycle()], TimeProvider.System, Random.Shared);
        var pki = ClusterPki.LoadOrCreate(directory, new(["localhost"], [IPAddress.Loopback]), TimeProvider.System);
        await ControllersHost.StartAsync(system, api, new() { Events = EventRecorder.Start(system, api, TimeProvider.System), CertificatePem = "PEM" });
        var server = new GatewayServer(new() { Api = api, NodeStreams = new NoNodes(), Pki = pki, Tokens = [ClusterPki.AdministratorIdentity(pki.AdministratorToken)], Time = TimeProvider.System });
        await server.StartAsync();
        return new(system, registry, api, server, NewClient(pki, server.Address));
    }

    public async Task<(HttpStatusCode Code, JsonObject Body)> SendAsync(string method, string path, string? body = null, string contentType = "application/json", string? accept = null)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null) request.Content = new StringContent(body, MediaTypeHeaderValue.Parse(contentType));
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject());
    }

    public Task DefineAsync(JsonObject definition) => Api.CreateAsync(BuiltIn.CustomResourceDefinitions, "", definition, WriteOptions.Default);

    public Task RedefineAsync(string name, Action<JsonObject> change) => Api.ModifyAsync(BuiltIn.CustomResourceDefinitions, ObjectKey.ClusterScoped(name), document =>
    {
        change(document);
        return true;
    }, WriteOptions.Default);

    public Task UndefineAsync(string name) => Api.DeleteAsync(BuiltIn.CustomResourceDefinitions, ObjectKey.ClusterScoped(name), new(), WriteOptions.Default);

    /// <summary>Waits until the catalogue of this process is as it should be.</summary>
    public async Task UntilAsync(Func<ApiResources, bool> reached)
    {
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var following = Registry.Catalogue.Follow(_ =>
        {
            if (reached(Registry.Catalogue.Current)) changed.TrySetResult();
        });
        await changed.Task.WaitAsync(Patience);
    }

    /// <summary>Waits until objects are as they should be in this process.</summary>
    public async Task UntilAsync(ResourceId resource, Func<Snapshot, bool> reached)
    {
        using var patience = new CancellationTokenSource(Patience);
        for (var seen = Registry[resource].Latest; !reached(seen);) seen = await Registry[resource].ReadAtLeastAsync(seen.Revision + 1, patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        await CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance).WaitAsync(Patience);
    }

    private static HttpClient NewClient(ClusterPki pki, Uri address)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new()
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { pki.Authority.Certificate },
        };
        handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(pki.Administrator, null, offline: true);
        return new(handler) { BaseAddress = address };
    }

    private sealed class NoNodes : INodeStreamsLocator
    {
        public INodeStreams? Find(string nodeName) => null;
    }
}
