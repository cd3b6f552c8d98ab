using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ActorOrch.Gateway.Tests.Fixtures;

/// <summary>A connection whose client reads when and as much as a test says.</summary>
internal static class RawConnection
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<TcpClient> DialAsync(TestGateway gateway, int? receiveBuffer = null)
    {
        var client = new TcpClient();
        if (receiveBuffer is { } bytes) client.ReceiveBufferSize = bytes;
        await client.ConnectAsync("127.0.0.1", gateway.Server.Address.Port);
        return client;
    }

    public static async Task<SslStream> EncryptAsync(TcpClient client, X509Certificate2? certificate, SslApplicationProtocol? protocol = null)
    {
        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, offline: true),
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
            ApplicationProtocols = protocol is { } only ? [only] : null,
        });
        return tls;
    }

    /// <summary>Many at once, each after its handshake.</summary>
    public static Task<SslStream[]> OpenAsync(TestGateway gateway, X509Certificate2 certificate, int count, int? receiveBuffer = null, SslApplicationProtocol? protocol = null) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(async _ => await EncryptAsync(await DialAsync(gateway, receiveBuffer), certificate, protocol)));

    public static ValueTask RequestAsync(SslStream tls, string path = "/api/v1/namespaces/default/configmaps/none", string headers = "", string method = "GET") =>
        tls.WriteAsync(Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"));

    /// <summary>0 where the other end is closed, in whichever way.</summary>
    public static async Task<int> ReadAsync(Stream stream, int most = 16 * 1024)
    {
        try
        {
            return await stream.ReadAsync(new byte[most]).AsTask().WaitAsync(Patience);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
