using System.Text;
using System.Text.Json;

namespace ActorOrch.Scheduling;

/// <summary>A port of the machine that a pod takes.</summary>
/// <param name="Address">Empty or <c>0.0.0.0</c>: all addresses.</param>
public readonly record struct HostPort(string Address, string Protocol, int Port)
{
    public bool ConflictsWith(HostPort other) =>
        Port == other.Port && Protocol == other.Protocol && (Address == other.Address || IsAny || other.IsAny);

    private bool IsAny => Address.Length == 0 || Address == "0.0.0.0";
}

/// <summary>
/// All that placing a pod depends on. Pods of one owner have the same shape, so what is known of one is known of all;
/// shapes are interned by <see cref="PodShapes"/> and compared by reference.
/// </summary>
public sealed class PodShape
{
    public required PodRequests Requests { get; init; }
    public required IReadOnlyList<HostPort> HostPorts { get; init; }
    public required NodeSelection Selection { get; init; }
    public required IReadOnlyList<Toleration> Tolerations { get; init; }

    /// <summary>The only node to be considered (<c>spec.nodeName</c> of a pod that is not bound); empty for any.</summary>
    public required string NodeName { get; init; }

    /// <summary>False with <c>preemptionPolicy: Never</c>.</summary>
    public required bool MayPreempt { get; init; }

    public bool Tolerates(Taint taint)
    {
        foreach (var toleration in Tolerations)
            if (toleration.Tolerates(taint)) return true;
        return false;
    }

    internal static PodShape Read(JsonElement spec) => new()
    {
        Requests = PodRequests.Of(spec),
        HostPorts = [.. Ports(spec)],
        Selection = NodeSelection.Read(spec),
        Tolerations = Toleration.ReadAll(spec),
        NodeName = "",
        MayPreempt = Json.Text(spec, "preemptionPolicy") != "Never",
    };

    private static IEnumerable<HostPort> Ports(JsonElement spec) =>
        from container in PodRequests.Items(spec, "containers").Concat(PodRequests.Items(spec, "initContainers").Where(PodRequests.IsSidecar))
        from port in PodRequests.Items(container, "ports")
        let number = Json.Number(port, "hostPort")
        where number > 0
        select new HostPort(Json.Text(port, "hostIP"), Json.Text(port, "protocol") is { Length: > 0 } protocol ? protocol : "TCP", number);
}

/// <summary>Interns shapes, so that each distinct one is worked out once.</summary>
public sealed class PodShapes
{
    // Beyond this, sharing starts anew: pods keep the shapes that they have.
    private const int Most = 20_000;

    private readonly Dictionary<string, PodShape> _shapes = [];
    private readonly StringBuilder _key = new();

    public PodShape Of(JsonElement spec)
    {
        var key = KeyOf(spec);
        if (_shapes.TryGetValue(key, out var shape)) return shape;
        if (_shapes.Count >= Most) _shapes.Clear();
        return _shapes[key] = PodShape.Read(spec);
    }

    // The text of all that PodShape.Read looks at. Two texts for one meaning only cost a shape more.
    private string KeyOf(JsonElement spec)
    {
        _key.Clear();
        foreach (var name in (ReadOnlySpan<string>)["nodeSelector", "affinity", "tolerations", "overhead", "preemptionPolicy"])
            Append(spec, name);
        foreach (var list in (ReadOnlySpan<string>)["containers", "initContainers"])
        {
            _key.Append('|');
            foreach (var container in PodRequests.Items(spec, list))
            {
                _key.Append(';');
                Append(container, "resources");
                Append(container, "ports");
                Append(container, "restartPolicy");
            }
        }
        return _key.ToString();
    }

    private void Append(JsonElement parent, string name)
    {
        _key.Append(',');
        if (parent.TryGetProperty(name, out var value)) _key.Append(value.GetRawText());
    }
}
