using ActorOrch.Resources.Errors;

namespace ActorOrch.Networking.Addresses;

/// <summary>Gives a service its node ports: those it asks for where they are free, else ports at random.</summary>
internal sealed class ServiceNodePorts(NetworkSettings settings, Random random, Func<int, bool> taken)
{
    // A part at the start is left to those who choose ports themselves (KEP-3668).
    private readonly int _offset = Math.Min(Math.Max(16, (settings.NodePortLast - settings.NodePortFirst + 1) / 32), 128);
    private readonly HashSet<int> _own = [];

    public void Allocate(Field spec, FieldErrors errors)
    {
        var type = spec["type"].Text;
        if (type is not ("NodePort" or "LoadBalancer")) return;
        var automatic = type == "NodePort" || spec["allocateLoadBalancerNodePorts"].Flag != false;
        var ports = spec["ports"].Items.ToList();
        foreach (var port in ports)
            if (port["nodePort"].Integer is { } wanted and not 0) Check(port["nodePort"], (int)wanted, errors);
        if (errors.Any) return;

        // One number serves the same port with another protocol (DNS: 53/TCP and 53/UDP).
        var byPort = new Dictionary<long, long>();
        foreach (var port in ports)
            if (port["nodePort"].Integer is { } given and not 0 && port["port"].Integer is { } number) byPort.TryAdd(number, given);
        foreach (var port in ports)
        {
            if (!automatic || port["nodePort"].Integer is { } given and not 0 || port["port"].Integer is not { } number) continue;
            if (!byPort.TryGetValue(number, out var chosen)) byPort[number] = chosen = Pick();
            port.Node!["nodePort"] = chosen;
        }
        AllocateHealthCheck(spec, type, errors);
    }

    private void AllocateHealthCheck(Field spec, string type, FieldErrors errors)
    {
        if (type != "LoadBalancer" || spec["externalTrafficPolicy"].Text != "Local") return;
        var port = spec["healthCheckNodePort"];
        if (port.Integer is { } wanted and not 0) Check(port, (int)wanted, errors);
        else spec.Node!["healthCheckNodePort"] = Pick();
    }

    private void Check(Field port, int wanted, FieldErrors errors)
    {
        if (wanted < settings.NodePortFirst || wanted > settings.NodePortLast)
            errors.Invalid(port, $"provided port is not in the valid range. The range of valid ports is {settings.NodePortFirst}-{settings.NodePortLast}");
        else if (taken(wanted)) errors.Invalid(port, "provided port is already allocated");
        else _own.Add(wanted);
    }

    private int Pick()
    {
        var port = Scan(settings.NodePortFirst + _offset, settings.NodePortLast) ?? Scan(settings.NodePortFirst, settings.NodePortFirst + _offset - 1)
            ?? throw new ApiException(500, "InternalError", "Internal error occurred: failed to allocate a nodePort: range is full");
        _own.Add(port);
        return port;
    }

    private int? Scan(int from, int to)
    {
        var count = Math.Min(to, settings.NodePortLast) - from + 1;
        if (count <= 0) return null;
        var start = random.Next(count);
        for (var i = 0; i < count; i++)
        {
            var port = from + ((start + i) % count);
            if (!_own.Contains(port) && !taken(port)) return port;
        }
        return null;
    }
}
