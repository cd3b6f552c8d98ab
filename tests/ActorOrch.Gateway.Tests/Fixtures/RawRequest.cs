using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace ActorOrch.Gateway.Tests.Fixtures;

/// <summary>A request as no client library would send it: byte by byte, over a connection of its own.</summary>
internal static class RawRequest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="head">Request line and headers, by lines; each character is a byte. <c>Host</c>, the token and the end are added.</param>
    /// <param name="body">Follows the head as it is.</param>
    /// <param name="host">Without it no <c>Host</c> is added.</param>
    /// <param name="closes">Whether the client has nothing more to say after the body.</param>
    /// <param name="token">Null for the administrator's.</param>
    public static async Task<RawAnswer> SendAsync(TestGateway gateway, string head, byte[]? body = null, bool host = true, string? token = null, bool closes = false)
    {
        var text = head + "\r\n" + (host ? "Host: localhost\r\n" : "") + $"Authorization: Bearer {token ?? gateway.Pki.AdministratorToken}\r\nConnection: close\r\n\r\n";
        using var patience = new CancellationTokenSource(Patience);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(gateway.Server.Address.Host, gateway.Server.Address.Port, patience.Token);
        await using var tls = new SslStream(tcp.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, patience.Token);
        await tls.WriteAsync(Encoding.Latin1.GetBytes(text), patience.Token);
        using var received = new MemoryStream();
        try
        {
            if (body is not null) await tls.WriteAsync(body, patience.Token);
            // The body has ended, whatever its head promises.
            if (closes) await tls.ShutdownAsync();
        }
        catch (IOException)
        {
            // The server has had enough of its head.
        }
        try
        {
            await tls.CopyToAsync(received, patience.Token);
        }
        catch (IOException)
        {
            // The server has cut it: what came before is the answer.
        }
        return new(Encoding.Latin1.GetString(received.ToArray()));
    }
}

/// <summary>What came back until the server closed.</summary>
internal sealed record RawAnswer(string Text)
{
    /// <summary>0 where there was no answer.</summary>
    public int Code => Text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) ? int.Parse(Text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture) : 0;

    public string Body
    {
        get
        {
            var body = Text[(Text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
            // In chunks, of which small answers have one.
            return Header("Transfer-Encoding") == "chunked" ? body[(body.IndexOf('\n') + 1)..body.LastIndexOf("\r\n0\r\n", StringComparison.Ordinal)] : body;
        }
    }

    public string? Header(string name) => Text.Split("\r\n\r\n")[0].Split("\r\n")
        .FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
