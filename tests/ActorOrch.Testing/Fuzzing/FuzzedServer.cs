using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ActorOrch.Contracts.Streams;
using ActorOrch.Gateway.Pki;
using ActorOrch.Gateway.Serving;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using Microsoft.Extensions.Logging;

namespace ActorOrch.Testing.Fuzzing;

/// <summary>The real gateway over collections in memory and a node whose containers echo; what it logs as an error is kept.</summary>
internal sealed class FuzzedServer : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actororch-fuzz-");
    private readonly ErrorLog _log = new();
    private readonly ClusterPki _pki;
    private readonly GatewayServer _server;

    private FuzzedServer()
    {
        _pki = ClusterPki.LoadOrCreate(_directory.FullName, new(["localhost"], [IPAddress.Loopback]), TimeProvider.System);
        var registry = new InMemoryRegistry();
        _server = new(new()
        {
            Api = new ObjectApi(registry, [], TimeProvider.System, new(1)),
            NodeStreams = new EchoNode(),
            Pki = _pki,
            Tokens = [ClusterPki.AdministratorIdentity(_pki.AdministratorToken)],
            Logging = _log,
        });
        Registry = registry;
    }

    public InMemoryRegistry Registry { get; }

    /// <summary>What was logged as an error, or worse.</summary>
    public IReadOnlyCollection<string> Errors => _log.Errors;

    public HttpClient Client { get; private set; } = null!;

    /// <summary>What is being sent, for the message of a failure.</summary>
    public string Doing { get; set; } = "";

    public static async Task<FuzzedServer> StartAsync()
    {
        var server = new FuzzedServer();
        await server._server.StartAsync();
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        handler.RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.Latin1;
        server.Client = new(handler) { BaseAddress = server._server.Address, Timeout = Timeout.InfiniteTimeSpan };
        server.Client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {server._pki.AdministratorToken}");
        return server;
    }

    /// <summary>The pod <c>p</c> is there, which other cases may have deleted.</summary>
    public async Task PutPodAsync()
    {
        if (Registry[BuiltIn.Pods].Latest.Get(new("default", "p")) is { } pod && pod.Json.AsSpan().IndexOf("\"nodeName\":\"n\""u8) > 0) return;
        await Registry.PutAsync(BuiltIn.Pods, System.Text.Json.Nodes.JsonNode.Parse(
            """{"metadata":{"name":"p","namespace":"default"},"spec":{"nodeName":"n","containers":[{"name":"c","image":"i"}]},"status":{"phase":"Running","podIP":"127.0.0.1"}}""")!.AsObject());
    }

    /// <summary>An encrypted connection with the administrator's certificate.</summary>
    public async Task<SslStream> DialAsync(CancellationToken cancel)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _server.Address.Port, cancel);
        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost", ClientCertificates = [_pki.Administrator], RemoteCertificateValidationCallback = (_, _, _, _) => true }, cancel);
        return tls;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    /// <summary>Every container echoes its input, every port too.</summary>
    private sealed class EchoNode : INodeStreamsLocator, INodeStreams, IPodCommand, IPodPorts
    {
        public INodeStreams? Find(string nodeName) => this;

        public async Task CopyLogsAsync(PodLogRequest request, Stream destination, CancellationToken cancel) => await destination.WriteAsync("a line\n"u8.ToArray(), cancel);

        public Task<IPodCommand> FindCommandAsync(PodCommandRequest request, CancellationToken cancel) => Task.FromResult<IPodCommand>(this);

        public Task<IPodPorts> FindPortsAsync(ObjectKey pod, string podUid, CancellationToken cancel) => Task.FromResult<IPodPorts>(this);

        public async Task<int> RunAsync(CommandStreams streams, CancellationToken cancel)
        {
            if (streams.Sizes is { } sizes)
                await foreach (var size in sizes.WithCancellation(cancel))
                    if (size.Width == 1) break;
            if (streams.Stdin is { } input) await input.CopyToAsync(streams.Stdout ?? Stream.Null, cancel);
            return 0;
        }

        public async Task ForwardAsync(int port, Stream fromClient, Stream toClient, CancellationToken cancel)
        {
            if (port % 2 == 1) throw new PodStreamException($"nothing listens on {port}");
            await fromClient.CopyToAsync(toClient, cancel);
            await toClient.DisposeAsync();
        }
    }

    private sealed class ErrorLog : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> _errors = new();

        public IReadOnlyCollection<string> Errors => _errors;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) _errors.Enqueue($"{formatter(state, exception)}\n{exception}");
        }

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("there is one log");

        public void Dispose()
        {
            // It holds nothing.
        }
    }
}
