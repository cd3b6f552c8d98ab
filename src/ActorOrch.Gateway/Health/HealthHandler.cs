using System.Text;
using ActorOrch.Gateway.Answers;
using ActorOrch.Registry.Health;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Health;

/// <summary><c>/healthz</c>, <c>/livez</c>, <c>/readyz</c>, each also for one check alone (<c>/readyz/ping</c>).</summary>
/// <param name="checks">Those of <c>/readyz</c> and <c>/healthz</c>: a process that is not ready is alive nonetheless.</param>
internal sealed class HealthHandler(IReadOnlyList<IHealthCheck> checks, TimeProvider time)
{
    private const string Withheld = "reason withheld";

    private static readonly IHealthCheck Ping = new Answers();

    private readonly BoundedHealthCheck[] _alive = [new(Ping, time)];
    private readonly BoundedHealthCheck[] _ready = [.. checks.Prepend(Ping).Select(c => new BoundedHealthCheck(c, time))];

    public bool Serves(string path) => Endpoint(path) is "healthz" or "livez" or "readyz";

    /// <param name="reasons">Whether the caller may learn why a check failed.</param>
    public Task HandleAsync(HttpContext context, string path, bool reasons)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        var endpoint = Endpoint(path);
        var served = endpoint == "livez" ? _alive : _ready;
        var single = path[(endpoint.Length + 1)..].Trim('/');
        return single.Length > 0 ? AnswerOneAsync(context, served, single, reasons) : AnswerAllAsync(context, endpoint, served, reasons);
    }

    private static async Task AnswerAllAsync(HttpContext context, string endpoint, BoundedHealthCheck[] checks, bool reasons)
    {
        var query = context.Request.Query;
        var excluded = query["exclude"].OfType<string>().Where(n => n.Length > 0).ToHashSet(StringComparer.Ordinal);
        var outcomes = await Task.WhenAll(checks.Select(c => excluded.Contains(c.Name) ? Task.FromResult<string?>(null) : c.CheckAsync())).ConfigureAwait(false);
        var report = new StringBuilder();
        foreach (var (check, failure) in checks.Zip(outcomes))
        {
            if (excluded.Remove(check.Name)) report.Append($"[+]{check.Name} excluded: ok\n");
            else report.Append(failure is null ? $"[+]{check.Name} ok\n" : $"[-]{check.Name} failed: {(reasons ? failure : Withheld)}\n");
        }
        if (excluded.Count > 0)
            report.Append($"warn: some health checks cannot be excluded: no matches for {string.Join(",", excluded.Order(StringComparer.Ordinal).Select(n => $"\"{n}\""))}\n");
        var healthy = outcomes.All(f => f is null);
        report.Append(healthy ? $"{endpoint} check passed\n" : $"{endpoint} check failed\n");
        var verbose = !healthy || query.ContainsKey("verbose");
        await Answer.TextAsync(context, healthy ? 200 : 500, verbose ? report.ToString() : "ok").ConfigureAwait(false);
    }

    private static async Task AnswerOneAsync(HttpContext context, BoundedHealthCheck[] checks, string name, bool reasons)
    {
        var check = Array.Find(checks, c => c.Name == name) ?? throw Failures.UnknownPath();
        var failure = await check.CheckAsync().ConfigureAwait(false);
        await (failure is null
            ? Answer.TextAsync(context, 200, "ok")
            : Answer.TextAsync(context, 500, $"internal server error: {(reasons ? failure : Withheld)}\n")).ConfigureAwait(false);
    }

    private static string Endpoint(string path)
    {
        var slash = path.IndexOf('/', 1);
        return slash < 0 ? path[1..] : path[1..slash];
    }

    /// <summary>That a request is answered at all.</summary>
    private sealed class Answers : IHealthCheck
    {
        public string Name => "ping";

        public ValueTask<string?> CheckAsync(CancellationToken cancel) => new((string?)null);
    }
}
