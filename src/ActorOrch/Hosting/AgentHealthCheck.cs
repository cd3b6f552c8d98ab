using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Health;

namespace ActorOrch.Hosting;

/// <summary>Whether this process's nodes are Ready: their agents report, and their engines answer them.</summary>
internal sealed class AgentHealthCheck(ICollection nodes, IReadOnlyList<string> names) : IHealthCheck
{
    private const int MostNamed = 3;

    public string Name => "agent";

    public ValueTask<string?> CheckAsync(CancellationToken cancel)
    {
        var snapshot = nodes.Latest;
        var failures = names.Select(name => NodeReadiness.FailureOf(name, snapshot)).OfType<string>().ToArray();
        return new(failures.Length == 0 ? null : string.Join("; ", failures.Take(MostNamed)) + (failures.Length > MostNamed ? $"; and {failures.Length - MostNamed} nodes more" : ""));
    }
}
