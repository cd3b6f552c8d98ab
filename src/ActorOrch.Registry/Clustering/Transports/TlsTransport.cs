using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ActorOrch.Registry.Clustering.Pki;
using ActorOrch.Registry.Clustering.Transports.Doors;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Addressing;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Transport;

namespace ActorOrch.Registry.Clustering.Transports;

/// <summary>
/// What lies below Akka.Remote in a process of a cluster: TCP with TLS 1.2 or later, in which both ends show certificates of the cluster's
/// authority. Whoever is called must be named in its certificate by the host that was called, whoever calls by the host of the address that it
/// gives as its own; and each message is let in by a <see cref="Door"/> that knows the role of its sender's certificate.
/// </summary>
/// <remarks>Named in the configuration that <see cref="ClusterTransports"/> derives. Frames are a length (4 bytes, little-endian) and a PDU of Akka.Remote.</remarks>
public sealed class TlsTransport : Transport
{
    /// <summary>Of the addresses: <c>akka.tcp://actororch@HOST:PORT</c>, as Akka.NET's users write them.</summary>
    public const string Scheme = "tcp";

    private const SslProtocols Protocols = SslProtocols.Tls12 | SslProtocols.Tls13;

    private readonly TlsSettings _settings;
    private readonly NodeCredentials _credentials;
    private readonly ILoggingAdapter _log;
    private readonly RefusalLog _refusals;
    private readonly DoorRules _rules;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _time;
    private readonly ConnectionSet _connections = new();
    private Socket? _listener;
    private int _handshakes;
    private Address? _address;

    public TlsTransport(ActorSystem system, Config config)
    {
        System = system;
        Config = config;
        _time = system.Settings.Setup.Get<TlsSetup>() is { HasValue: true, Value: var setup } ? setup.Time : TimeProvider.System;
        _settings = TlsSettings.From(system.Settings.Config);
        _credentials = NodeCredentials.Open(system.Settings.Config, _time);
        _log = Logging.GetLogger(system, typeof(TlsTransport));
        _refusals = new(_log, _time);
        _rules = DoorRules.From(system);
        SchemeIdentifier = Scheme;
        MaximumPayloadBytes = _settings.MaximumFrameSize;
    }

    public override bool IsResponsibleFor(Address remote) => true;

    public override async Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        var listener = await BindAsync();
        _listener = listener;
        _address = new(SchemeIdentifier, System.Name, _settings.Host, _settings.Port == 0 ? ((IPEndPoint)listener.LocalEndPoint!).Port : _settings.Port);
        var accepting = new TaskCompletionSource<IAssociationEventListener>(TaskCreationOptions.RunContinuationsAsynchronously);
        Unawaited.Observe("accepting the cluster's connections", AcceptAsync(listener, accepting.Task));
        return (_address, accepting);
    }

    public override async Task<AssociationHandle> Associate(Address remoteAddress)
    {
        var host = remoteAddress.Host.Trim('[', ']');
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? stream = null;
        var why = "";
        try
        {
            using (var limit = Limit(_settings.ConnectTimeout)) await socket.ConnectAsync(host, remoteAddress.Port ?? 0, limit.Token);
            stream = new(new NetworkStream(socket, ownsSocket: true));
            NodeIdentity? peer = null;
            using (var limit = Limit(_settings.HandshakeTimeout))
            {
                await stream.AuthenticateAsClientAsync(
                    new()
                    {
                        TargetHost = host,
                        EnabledSslProtocols = Protocols,
                        ClientCertificateContext = _credentials.Current,
                        AllowTlsResume = false,
                        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                        {
                            peer = _credentials.Recognize(certificate, asServer: true, out why);
                            if (peer is null || peer.AnswersAs(host)) return peer is not null;
                            why = $"its certificate ({certificate!.Subject}) is not for {host}";
                            return false;
                        },
                    },
                    limit.Token).ConfigureAwait(false);
            }
            if (peer is null) throw new AuthenticationException(why);
            return Open(stream, remoteAddress, peer);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException or NodeKeysException)
        {
            stream?.Dispose();
            socket.Dispose();
            throw new InvalidAssociationException($"{remoteAddress}: {Explain(e, why)}", e);
        }
    }

    public override async Task<bool> Shutdown()
    {
        await _stopping.CancelAsync();
        _listener?.Dispose();
        await _connections.CloseAllAsync();
        return true;
    }

    private async Task<Socket> BindAsync()
    {
        try
        {
            var host = _settings.BindHost.Trim('[', ']');
            var address = NetworkAddress.TryParse(host, out var literal) ? literal.Value : (await Dns.GetHostAddressesAsync(host)).OrderBy(a => a.AddressFamily == AddressFamily.InterNetworkV6).First();
            var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(address, _settings.BindPort));
            listener.Listen(128);
            return listener;
        }
        catch (SocketException e)
        {
            throw new InvalidOperationException($"the cluster's transport cannot listen on {_settings.BindHost}, port {_settings.BindPort}: {e.Message}", e);
        }
    }

    private async Task AcceptAsync(Socket listener, Task<IAssociationEventListener> accepting)
    {
        var upper = await accepting.ConfigureAwait(false);
        while (!_stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // No descriptors left, or the caller has gone again. The former must not become a loop that takes a processor.
                _refusals.Report("a connection", e.Message);
                await _refusals.PauseAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }
            if (Interlocked.Increment(ref _handshakes) <= _settings.MaxHandshakes)
            {
                Unawaited.Observe("a connection's handshake", ReceiveAsync(socket, upper));
                continue;
            }
            Interlocked.Decrement(ref _handshakes);
            _refusals.Report(PeerOf(socket), $"{_settings.MaxHandshakes} others have not shown who they are yet");
            socket.Dispose();
        }
    }

    private async Task ReceiveAsync(Socket socket, IAssociationEventListener upper)
    {
        var from = PeerOf(socket);
        SslStream? stream = null;
        var why = "";
        try
        {
            socket.NoDelay = true;
            stream = new(new NetworkStream(socket, ownsSocket: true));
            NodeIdentity? peer = null;
            using (var limit = Limit(_settings.HandshakeTimeout))
            {
                await stream.AuthenticateAsServerAsync(
                    new()
                    {
                        ServerCertificateContext = _credentials.Current,
                        ClientCertificateRequired = true,
                        EnabledSslProtocols = Protocols,
                        AllowTlsResume = false,
                        AllowRenegotiation = false,
                        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                        RemoteCertificateValidationCallback = (_, certificate, _, _) => (peer = _credentials.Recognize(certificate, asServer: false, out why)) is not null,
                    },
                    limit.Token).ConfigureAwait(false);
            }
            if (peer is null) throw new AuthenticationException(why);
            var endpoint = (IPEndPoint)socket.RemoteEndPoint!;
            upper.Notify(new InboundAssociation(Open(stream, new(SchemeIdentifier, System.Name, $"{endpoint.Address}", endpoint.Port), peer)));
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException or NodeKeysException or ObjectDisposedException)
        {
            stream?.Dispose();
            socket.Dispose();
            if (!_stopping.IsCancellationRequested) _refusals.Report(from, Explain(e, why));
        }
        finally
        {
            Interlocked.Decrement(ref _handshakes);
        }
    }

    private TlsConnection Open(SslStream stream, Address remote, NodeIdentity peer)
    {
        var connection = new TlsConnection(_address!, remote, stream, new Door(peer, _rules, _refusals), _settings.MaximumFrameSize, _time, _log);
        _connections.Add(connection);
        return connection;
    }

    private Patience Limit(TimeSpan wait) => new(wait, _stopping.Token, _time);

    private static string Explain(Exception e, string why) => e switch
    {
        AuthenticationException when why.Length > 0 => why,
        OperationCanceledException => "no answer in time",
        { InnerException: { } inner } => $"{e.Message} ({inner.Message})",
        _ => e.Message,
    };

    private static string PeerOf(Socket socket)
    {
        try
        {
            return $"{socket.RemoteEndPoint}";
        }
        catch (SocketException)
        {
            return "a connection that is gone";
        }
    }
}
