using System.Text;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway;

/// <summary><c>/healthz</c>, <c>/livez</c>, <c>/readyz</c>, each also for one check alone (<c>/readyz/ping</c>).</summary>
/// <param name="readiness">Checks that only <c>/readyz</c> makes: a process that is not ready is alive nonetheless.</param>
internal sealed class HealthHandler(IReadOnlyList<HealthCheck> readiness)
{
    private static readonly HealthCheck Ping = new("ping", () => null);

    private readonly HealthCheck[] _readiness = [Ping, .. readiness];

    public bool Serves(string path) => Endpoint(path) is "healthz" or "livez" or "readyz";

    public Task HandleAsync(HttpContext context, string path)
    {
        var endpoint = Endpoint(path);
        var checks = endpoint == "readyz" ? _readiness : [Ping];
        var single = path.TrimEnd('/')[(endpoint.Length + 1)..].TrimStart('/');
        if (single.Length > 0) return AnswerOneAsync(context, checks, single);
        var excluded = context.Request.Query["exclude"];
        var report = new StringBuilder();
        var healthy = true;
        foreach (var check in checks)
        {
            if (excluded.Contains(check.Name))
            {
                report.Append($"[+]{check.Name} excluded: ok\n");
                continue;
            }
            var failure = check.Failure();
            healthy &= failure is null;
            report.Append(failure is null ? $"[+]{check.Name} ok\n" : $"[-]{check.Name} failed: {failure}\n");
        }
        report.Append(healthy ? $"{endpoint} check passed\n" : $"{endpoint} check failed\n");
        var verbose = !healthy || context.Request.Query.ContainsKey("verbose");
        return Answer.TextAsync(context, healthy ? 200 : 500, verbose ? report.ToString() : "ok");
    }

    private static Task AnswerOneAsync(HttpContext context, HealthCheck[] checks, string name)
    {
        var check = Array.Find(checks, c => c.Name == name) ?? throw Failures.UnknownPath();
        return check.Failure() is { } failure
            ? Answer.TextAsync(context, 500, $"internal server error: {failure}\n")
            : Answer.TextAsync(context, 200, "ok");
    }

    private static string Endpoint(string path)
    {
        var slash = path.IndexOf('/', 1);
        return slash < 0 ? path[1..] : path[1..slash];
    }
}
