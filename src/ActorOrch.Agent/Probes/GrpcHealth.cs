using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Registry.Timing;

namespace ActorOrch.Agent.Probes;

/// <summary>A call of <c>grpc.health.v1.Health/Check</c>, its two small messages written by hand: one string out, one enum back.</summary>
internal static class GrpcHealth
{
    private const int FrameHeaderBytes = 5;
    private const byte FieldOneString = 0x0a;
    private const byte FieldOneVarint = 0x08;
    private const byte Serving = 1;

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public static async Task<ProbeResult> CheckAsync(string host, int port, string service, TimeSpan timeout, CancellationToken cancel)
    {
        using var limited = new Patience(timeout, cancel);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{NetworkErrors.HostPort(host, port)}/grpc.health.v1.Health/Check")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Frame(service)) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.TE.Add(new("trailers"));
        try
        {
            using var response = await Http.SendAsync(request, limited.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(limited.Token).ConfigureAwait(false);
            if (Status(body) is { } status)
                return status == Serving ? new(true, "service healthy") : new(false, $"service unhealthy (responded with \"{Name(status)}\")");
            return new(false, "error: this server does not implement the grpc health protocol (grpc.health.v1.Health)");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(false, $"timeout: health rpc did not complete within {GoDuration.Text(timeout)}");
        }
        catch (Exception failure) when (failure is HttpRequestException or FormatException or InvalidOperationException)
        {
            var detail = failure.InnerException is SocketException socket ? NetworkErrors.Dial(host, port, socket) : failure.Message;
            return new(false, $"error: health rpc probe failed: {detail}");
        }
    }

    private static byte[] Frame(string service)
    {
        var name = Encoding.UTF8.GetBytes(service);
        var message = name.Length == 0 ? [] : (byte[])[FieldOneString, .. Length(name.Length), .. name];
        var frame = new byte[FrameHeaderBytes + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, FrameHeaderBytes);
        return frame;
    }

    private static IEnumerable<byte> Length(int length)
    {
        for (; length > 0x7f; length >>= 7) yield return (byte)(length | 0x80);
        yield return (byte)length;
    }

    private static byte? Status(byte[] body) => body.Length >= FrameHeaderBytes + 2 && body[FrameHeaderBytes] == FieldOneVarint ? body[FrameHeaderBytes + 1] : null;

    private static string Name(byte status) => status switch
    {
        0 => "UNKNOWN",
        2 => "NOT_SERVING",
        3 => "SERVICE_UNKNOWN",
        _ => status.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
