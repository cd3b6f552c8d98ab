using System.Text.Json;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Nodes.Health;

/// <summary>Counts the nodes of the cluster that are ready and those that are not, change by change.</summary>
internal sealed class NodeReadiness
{
    private readonly Dictionary<string, bool> _ready = [];
    private int _readyCount;
    private int _count;

    /// <summary>Nodes whose Ready condition is True.</summary>
    internal int Ready => Volatile.Read(ref _readyCount);

    internal int Count => Volatile.Read(ref _count);

    internal void Apply(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
            if (change.Kind == ChangeKind.Deleted) _ready.Remove(change.Key.Name);
            else _ready[change.Key.Name] = IsReady(change.Object);
        Publish();
    }

    internal void Set(Snapshot current)
    {
        _ready.Clear();
        foreach (var node in current.Objects.Values) _ready[node.Key.Name] = IsReady(node);
        Publish();
    }

    internal static bool IsReady(StoredObject node)
    {
        using var document = JsonDocument.Parse(node.Json);
        if (!document.RootElement.TryGetProperty("status", out var status) || !status.TryGetProperty("conditions", out var conditions)) return false;
        foreach (var condition in conditions.EnumerateArray())
            // Whoever writes a status may leave out either.
            if (condition.TryGetProperty("type", out var type) && type.ValueEquals("Ready")) return condition.TryGetProperty("status", out var value) && value.ValueEquals("True");
        return false;
    }

    private void Publish()
    {
        Volatile.Write(ref _count, _ready.Count);
        Volatile.Write(ref _readyCount, _ready.Values.Count(ready => ready));
    }
}
