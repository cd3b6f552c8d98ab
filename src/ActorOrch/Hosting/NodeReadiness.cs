using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Hosting;

/// <summary>Waits until nodes are Ready in the API.</summary>
internal static class NodeReadiness
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Throws <see cref="StartupException"/> naming those that are not ready in time.</summary>
    public static async Task WaitAsync(ICollection nodes, IReadOnlyList<string> names, CancellationToken cancel)
    {
        using var deadline = new Patience(Limit, cancel);
        var waiting = new HashSet<string>(names);
        var snapshot = nodes.Latest;
        try
        {
            while (true)
            {
                waiting.RemoveWhere(name => snapshot.Get(ObjectKey.ClusterScoped(name)) is { } node && IsReady(node));
                if (waiting.Count == 0) return;
                snapshot = await nodes.ReadAtLeastAsync(snapshot.Revision + 1, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new StartupException($"not Ready within {Limit.TotalSeconds:0} s: {string.Join(", ", waiting.Order().Take(5).Select(name => FailureOf(name, snapshot)))}");
        }
    }

    /// <summary>What keeps a node from being Ready; null where it is.</summary>
    public static string? FailureOf(string name, Snapshot nodes)
    {
        if (nodes.Get(ObjectKey.ClusterScoped(name)) is not { } node) return $"node \"{name}\" is not registered";
        var ready = ReadyOf(node);
        if (ready["status"].Text == "True") return null;
        return $"node \"{name}\" is not Ready{(ready["message"].Text is { Length: > 0 } message ? $": {message}" : "")}";
    }

    private static bool IsReady(StoredObject node) => ReadyOf(node)["status"].Text == "True";

    private static Field ReadyOf(StoredObject node) =>
        Field.Root(node.ToJson())["status"]["conditions"].Items.FirstOrDefault(c => c["type"].Text == "Ready");
}
