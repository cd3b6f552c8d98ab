using System.Collections.Concurrent;
using System.Text.Json;
using ActorOrch.Agent.Runtimes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ActorOrch.Agent.Tests.Runtimes.Docker;

/// <summary>An engine's socket with as much of an engine behind it as a test needs: it can stop to answer, and lose all that listen.</summary>
internal sealed class FakeEngine : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly string _directory = Directory.CreateTempSubdirectory("fake-engine-").FullName;
    private readonly ConcurrentDictionary<HttpContext, string> _open = new();
    private readonly ConcurrentDictionary<string, string> _created = new();
    private readonly PodNetworkSpec _network;
    private TaskCompletionSource _answers = Completed();
    private int _listened;

    private FakeEngine(PodNetworkSpec network)
    {
        _network = network;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(k => k.ListenUnixSocket(Socket));
        _server = builder.Build();
        _server.Run(HandleAsync);
    }

    public string Socket => Path.Combine(_directory, "docker.sock");

    /// <summary>Requests that are being answered, or are not: their paths.</summary>
    public IReadOnlyList<string> Open => [.. _open.Values];

    public int Listeners => Open.Count(path => path.EndsWith("/events", StringComparison.Ordinal));

    /// <summary>How often anyone began to listen.</summary>
    public int Listened => Volatile.Read(ref _listened);

    /// <summary>Names of the containers made.</summary>
    public ICollection<string> Created => _created.Keys;

    public static async Task<FakeEngine> StartAsync(PodNetworkSpec network)
    {
        var engine = new FakeEngine(network);
        await engine._server.StartAsync();
        return engine;
    }

    /// <summary>From now on nothing is answered, as by a process that was stopped.</summary>
    public void Hang() => _answers = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Answers what was asked meanwhile, too.</summary>
    public void Answer() => _answers.TrySetResult();

    /// <summary>Cuts all connections of those that listen.</summary>
    public void LoseListeners()
    {
        foreach (var (context, path) in _open) if (path.EndsWith("/events", StringComparison.Ordinal)) context.Abort();
    }

    public async ValueTask DisposeAsync()
    {
        Answer();
        foreach (var context in _open.Keys) context.Abort();
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        _open[context] = path;
        try
        {
            await _answers.Task.WaitAsync(context.RequestAborted);
            if (path.EndsWith("/events", StringComparison.Ordinal)) await ListenAsync(context);
            else await AnswerAsync(context, path);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has gone.
        }
        finally
        {
            _open.TryRemove(context, out _);
        }
    }

    private async Task ListenAsync(HttpContext context)
    {
        Interlocked.Increment(ref _listened);
        await context.Response.StartAsync(context.RequestAborted);
        await Task.Delay(Timeout.Infinite, context.RequestAborted);
    }

    private Task AnswerAsync(HttpContext context, string path)
    {
        var last = path[(path.LastIndexOf('/') + 1)..];
        object? answer = (context.Request.Method, last) switch
        {
            (_, "_ping") => "OK",
            ("GET", "info") => new { ServerVersion = "0", OperatingSystem = "fake", Architecture = "x86_64", KernelVersion = "0", NCPU = 1, MemTotal = 1L << 30, Name = "elsewhere" },
            ("GET", "networks") => new[] { new { _network.Name, Id = "1", IPAM = new { Config = new[] { new { Subnet = _network.Subnet4 } } } } },
            ("GET", "json") when path.Contains("/images/", StringComparison.Ordinal) => new { Id = "sha256:1", RepoTags = Array.Empty<string>(), Size = 1 },
            ("GET", "json") when path.EndsWith("/containers/json", StringComparison.Ordinal) => Array.Empty<object>(),
            ("POST", "create") => new { Id = Make(context.Request.Query["name"]!) },
            ("POST", "start") => "",
            _ => null,
        };
        if (answer is null)
        {
            context.Response.StatusCode = 404;
            answer = new { message = $"no {path}" };
        }
        return context.Response.WriteAsync(answer as string ?? JsonSerializer.Serialize(answer), context.RequestAborted);
    }

    private string Make(string name) => _created.GetOrAdd(name, _ => Guid.NewGuid().ToString("N"));

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
