using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace ActorOrch.Benchmarks.Gateway;

/// <summary>
/// Watchers in a process of their own, which read and count events and do nothing else. A round begins with the URL of the watch on its
/// input; it prints <c>open</c> when all watch, and then the time from the first event of any to the last of all, in microseconds.
/// </summary>
internal sealed class WatchClient : IDisposable
{
    /// <summary>Of all watchers together.</summary>
    private const int MostBufferBytes = 64 * 1024 * 1024;

    private readonly Process _process;

    private WatchClient(Process process) => _process = process;

    /// <param name="events">That each watcher expects in a round.</param>
    /// <param name="protocol"><c>http1</c>: a connection each; <c>http2</c>: streams of few connections.</param>
    public static async Task<WatchClient> StartAsync(string token, int watchers, int events, string protocol)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet",
            [typeof(WatchClient).Assembly.Location, nameof(WatchClient), $"{watchers}", $"{events}", protocol])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("the watchers did not start");
        await process.StandardInput.WriteLineAsync(token);
        return new(process);
    }

    public async Task OpenAsync(Uri url)
    {
        await _process.StandardInput.WriteLineAsync(url.ToString());
        if (await _process.StandardOutput.ReadLineAsync() != "open") throw new InvalidOperationException("the watches did not open");
    }

    /// <summary>The time from the first event of any watcher to the last of all.</summary>
    public async Task<TimeSpan> FinishAsync() => TimeSpan.FromMicroseconds(double.Parse(
        await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the watchers ended early"), CultureInfo.InvariantCulture));

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>The process's own part.</summary>
    public static async Task RunAsync(string[] args)
    {
        var (watchers, events) = (int.Parse(args[0], CultureInfo.InvariantCulture), int.Parse(args[1], CultureInfo.InvariantCulture));
        var token = await Console.In.ReadLineAsync() ?? "";
        while (await Console.In.ReadLineAsync() is { } url)
        {
            using var http2 = args[2] == "http2" ? NewHttp2Client(token) : null;
            var streams = new List<Stream>();
            foreach (var part in Enumerable.Range(0, watchers).Chunk(100))
                streams.AddRange(await Task.WhenAll(part.Select(_ => http2 is null ? OpenAsync(new Uri(url), token) : OpenAsync(http2, url))));
            Console.WriteLine("open");
            var first = long.MaxValue;
            var bufferBytes = Math.Clamp(MostBufferBytes / watchers, 4 * 1024, 64 * 1024);
            await Task.WhenAll(streams.Select(s => ReadAsync(s, bufferBytes, events, at => InterlockedMin(ref first, at))));
            Console.WriteLine(Stopwatch.GetElapsedTime(first).TotalMicroseconds.ToString("0", CultureInfo.InvariantCulture));
            foreach (var stream in streams) await stream.DisposeAsync();
        }
    }

    private static HttpClient NewHttp2Client(string token)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = true,
            InitialHttp2StreamWindowSize = 4 * 1024 * 1024,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        var client = new HttpClient(handler)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static async Task<Stream> OpenAsync(HttpClient client, string url)
    {
        var response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStreamAsync();
    }

    /// <summary>Over HTTP/1.1: what comes after the answer's head, still in chunks. A client that takes them apart costs more than the server.</summary>
    private static async Task<Stream> OpenAsync(Uri url, string token)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(url.Host, url.Port);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync(url.Host);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {token}\r\n\r\n"));
        var head = new List<byte>();
        var next = new byte[1];
        while (!CollectionsMarshal.AsSpan(head).EndsWith("\r\n\r\n"u8))
        {
            await stream.ReadExactlyAsync(next);
            head.Add(next[0]);
        }
        if (!CollectionsMarshal.AsSpan(head).StartsWith("HTTP/1.1 200 "u8)) throw new InvalidOperationException(Encoding.ASCII.GetString([.. head]));
        return stream;
    }

    private static async Task ReadAsync(Stream stream, int bufferBytes, int events, Action<long> onFirst)
    {
        var buffer = new byte[bufferBytes];
        var seen = 0;
        while (seen < events)
        {
            var read = await stream.ReadAsync(buffer);
            if (read == 0) throw new InvalidOperationException($"a watch ended after {seen} of {events} events");
            if (seen == 0) onFirst(Stopwatch.GetTimestamp());
            // Events are lines: a line break within one is escaped. Those of the chunks' own lines follow on a carriage return.
            seen += buffer.AsSpan(0, read).Count((byte)'\n') - buffer.AsSpan(0, read).Count((byte)'\r');
        }
    }

    private static void InterlockedMin(ref long least, long value)
    {
        long known;
        while (value < (known = Volatile.Read(ref least)) && Interlocked.CompareExchange(ref least, value, known) != known)
        {
        }
    }
}
