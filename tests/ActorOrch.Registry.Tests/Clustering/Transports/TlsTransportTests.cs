using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ActorOrch.Registry.Clustering.Pki;
using ActorOrch.Testing;
using Akka.Actor;
using Google.Protobuf;

namespace ActorOrch.Registry.Tests.Clustering.Transports;

/// <summary>A process of a cluster, and whoever else can reach its port.</summary>
public sealed class TlsTransportTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryDirectory _directory = new();
    private readonly int _port = FreePorts.Next();
    private ActorSystem _system = null!;
    private ClusterAuthority _authority = null!;

    public async Task InitializeAsync()
    {
        (_system, _) = await TestRegistry.StartOnAsync($"""
            {TestRegistry.OnSqlite(_directory.Path)}
            {TestRegistry.KeysIn(Path.Combine(_directory.Path, "keys"))}
            akka.remote.dot-netty.tcp.port = {_port}
            akka.cluster.seed-nodes = ["akka.tcp://actororch@127.0.0.1:{_port}"]
            actororch.cluster.tls.handshake-timeout = 1s
            actororch.cluster.tls.max-handshakes = 4
            """);
        _authority = new KeyDirectory(Path.Combine(_directory.Path, "keys"), TimeProvider.System).OpenAuthority();
    }

    public async Task DisposeAsync()
    {
        await _system.Terminate();
        _directory.Dispose();
    }

    private X509Certificate2 Issue(NodeRole role, string host) => _authority.Issue("n", role, [host], TimeSpan.FromDays(1));

    [Fact]
    public async Task A_certificate_of_the_cluster_is_answered()
    {
        using var client = await ConnectAsync(Issue(NodeRole.Worker, "127.0.0.1"));
        Assert.True(await IsAnsweredAsync(client, "127.0.0.1"));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("foreign")]
    [InlineData("expired")]
    [InlineData("not yet valid")]
    [InlineData("without a role")]
    [InlineData("self-signed with the authority's name")]
    public async Task Any_other_certificate_gets_nowhere(string which)
    {
        using var client = await ConnectAsync(which switch
        {
            "none" => null,
            "foreign" => ClusterAuthority.Create(TimeProvider.System).Issue("n", NodeRole.ControlPlane, ["127.0.0.1"], TimeSpan.FromDays(1)),
            "expired" => _authority.Issue("n", NodeRole.ControlPlane, ["127.0.0.1"], TimeSpan.FromMinutes(-1)),
            "not yet valid" => new ClusterAuthority(_authority.Certificate, new At(DateTimeOffset.UtcNow.AddDays(3))).Issue("n", NodeRole.ControlPlane, ["127.0.0.1"], TimeSpan.FromDays(1)),
            "without a role" => WithoutRole(),
            _ => ClusterAuthority.Create(TimeProvider.System).Certificate,
        });
        Assert.False(await IsAnsweredAsync(client, "127.0.0.1"));
    }

    [Fact]
    public async Task Nor_does_one_whose_certificate_is_for_another_host_than_it_says_it_is()
    {
        using var client = await ConnectAsync(Issue(NodeRole.ControlPlane, "10.9.9.9"));
        Assert.False(await IsAnsweredAsync(client, "127.0.0.1"));
    }

    [Fact]
    public async Task Nor_does_a_message_before_the_address()
    {
        using var client = await ConnectAsync(Issue(NodeRole.ControlPlane, "127.0.0.1"));
        Assert.False(await IsAnsweredAsync(client, [0x0A, 0x00]));
    }

    [Fact]
    public async Task Plain_remoting_and_garbage_are_cut_off_and_whoever_waits_silently_too()
    {
        using (var plain = new TcpClient())
        {
            await plain.ConnectAsync("127.0.0.1", _port);
            await plain.GetStream().WriteAsync(Associate("127.0.0.1"));
            Assert.Equal(0, await ReadToEndAsync(plain.GetStream()));
        }
        var silent = Enumerable.Range(0, 12).Select(_ => new TcpClient()).ToArray();
        foreach (var client in silent) await client.ConnectAsync("127.0.0.1", _port);
        foreach (var client in silent)
        {
            Assert.Equal(0, await ReadToEndAsync(client.GetStream()));
            client.Dispose();
        }
        await A_certificate_of_the_cluster_is_answered();
    }

    [Fact]
    public async Task An_actor_system_without_TLS_reaches_nobody()
    {
        using var anybody = ActorSystem.Create("anybody", "akka { loglevel = OFF\n stdout-loglevel = OFF\n actor.provider = remote\n remote.dot-netty.tcp { hostname = 127.0.0.1\n port = 0 } }");
        await Assert.ThrowsAsync<ActorNotFoundException>(() => anybody.ActorSelection($"akka.tcp://actororch@127.0.0.1:{_port}/user/registry").ResolveOne(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task It_calls_nobody_whose_certificate_is_for_another_host()
    {
        var port = FreePorts.Next();
        using var other = new TcpListener(System.Net.IPAddress.Loopback, port);
        other.Start();
        var answering = Task.Run(async () =>
        {
            using var client = await other.AcceptTcpClientAsync();
            await using var stream = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
            await Assert.ThrowsAnyAsync<Exception>(async () =>
            {
                await stream.AuthenticateAsServerAsync(Issue(NodeRole.ControlPlane, "10.9.9.9"), clientCertificateRequired: true, checkCertificateRevocation: false);
                await stream.ReadExactlyAsync(new byte[1]);
            });
        });
        await Assert.ThrowsAsync<ActorNotFoundException>(() => _system.ActorSelection($"akka.tcp://actororch@127.0.0.1:{port}/user/registry").ResolveOne(TimeSpan.FromSeconds(3)));
        await answering.WaitAsync(Patience);
    }

    private async Task<SslStream> ConnectAsync(X509Certificate2? certificate)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _port);
        var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "127.0.0.1",
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
            });
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // With TLS 1.2 the other end says so at once, with 1.3 at the first reading.
        }
        return stream;
    }

    private static Task<bool> IsAnsweredAsync(SslStream stream, string host) => IsAnsweredAsync(stream, Associate(host)[4..]);

    private static async Task<bool> IsAnsweredAsync(SslStream stream, byte[] pdu)
    {
        try
        {
            await stream.WriteAsync(Framed(pdu));
            return await ReadToEndAsync(stream, atLeast: 4) >= 4;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>How much comes before the other end closes, or that much.</summary>
    private static async Task<int> ReadToEndAsync(Stream stream, int atLeast = int.MaxValue)
    {
        using var limit = new CancellationTokenSource(Patience);
        var (buffer, total) = (new byte[4096], 0);
        try
        {
            while (total < atLeast && await stream.ReadAsync(buffer, limit.Token) is > 0 and var read) total += read;
        }
        catch (IOException)
        {
            // Reset: closed, too.
        }
        return total;
    }

    /// <summary>The frame with which Akka.Remote introduces itself.</summary>
    private static byte[] Associate(string host)
    {
        var address = Message(w => { w.WriteTag(10); w.WriteString("actororch"); w.WriteTag(18); w.WriteString(host); w.WriteTag(24); w.WriteUInt32(4999); w.WriteTag(34); w.WriteString("tcp"); });
        var handshake = Message(w => { w.WriteTag(10); w.WriteBytes(address); w.WriteTag(17); w.WriteFixed64(77); });
        var control = Message(w => { w.WriteTag(8); w.WriteEnum(1); w.WriteTag(18); w.WriteBytes(handshake); });
        return Framed(Message(w => { w.WriteTag(18); w.WriteBytes(control); }).ToByteArray());
    }

    private static ByteString Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new CodedOutputStream(stream, leaveOpen: true)) write(writer);
        return ByteString.CopyFrom(stream.ToArray());
    }

    private static byte[] Framed(byte[] pdu) => [.. BitConverter.GetBytes(pdu.Length), .. pdu];

    private X509Certificate2 WithoutRole()
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=n", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var issued = request.Create(_authority.Certificate, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3]);
        return issued.CopyWithPrivateKey(key);
    }

    private sealed class At(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
