using System.Net;
using System.Text.Json.Nodes;
using ActorOrch.Networking.Addresses;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Networking.Services;

/// <summary>The service <c>default/kubernetes</c>, by which pods reach the API server, and what stands behind it.</summary>
public static class KubernetesService
{
    public const int Port = 443;

    public static readonly ObjectKey Key = new("default", "kubernetes");

    public static JsonObject Service(NetworkSettings settings) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Service",
        ["metadata"] = Metadata(new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" }),
        ["spec"] = new JsonObject
        {
            ["type"] = "ClusterIP",
            ["clusterIP"] = new AddressRange(settings.ServiceCidrs[0]).First.ToString(),
            ["ports"] = new JsonArray(new JsonObject
            {
                ["name"] = "https",
                ["protocol"] = "TCP",
                ["port"] = Port,
                ["targetPort"] = Servers(settings) is [var first, ..] ? first.Port : Port,
            }),
            ["sessionAffinity"] = "None",
        },
    };

    public static JsonObject Endpoints(NetworkSettings settings) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Endpoints",
        // Its slice is made here, not mirrored.
        ["metadata"] = Metadata(new JsonObject { [EndpointsMirroring.SkipLabel] = "true" }),
        ["subsets"] = new JsonArray([.. Servers(settings).GroupBy(s => s.Port).Select(group => new JsonObject
        {
            ["addresses"] = new JsonArray([.. group.Select(s => new JsonObject { ["ip"] = s.Address.ToString() })]),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = group.Key, ["protocol"] = "TCP" }),
        })]),
    };

    /// <summary>The slice of the servers that listen on the port of the first.</summary>
    public static JsonObject Slice(NetworkSettings settings)
    {
        var servers = Servers(settings);
        return new()
        {
            ["apiVersion"] = "discovery.k8s.io/v1",
            ["kind"] = "EndpointSlice",
            ["metadata"] = Metadata(new JsonObject { [EndpointSliceDecision.ServiceNameLabel] = Key.Name }),
            ["addressType"] = new AddressRange(settings.ServiceCidrs[0]).Family,
            ["endpoints"] = new JsonArray([.. servers.Where(s => s.Port == servers[0].Port).Select(s => new JsonObject
            {
                ["addresses"] = new JsonArray(s.Address.ToString()),
                ["conditions"] = new JsonObject { ["ready"] = true },
            })]),
            ["ports"] = servers.Count == 0 ? [] : new JsonArray(new JsonObject { ["name"] = "https", ["port"] = servers[0].Port, ["protocol"] = "TCP" }),
        };
    }

    /// <summary>Takes over into a stored object what the wanted one says; false where it says so already.</summary>
    public static bool Bring(JsonObject stored, JsonObject wanted)
    {
        var changed = false;
        foreach (var (name, value) in wanted)
        {
            if (name is "apiVersion" or "kind") continue;
            if (name is "metadata" or "spec")
            {
                if (stored[name] is not JsonObject inner) stored[name] = inner = [];
                changed |= Bring(inner, value!.AsObject());
            }
            else if (!JsonNode.DeepEquals(stored[name], value))
            {
                stored[name] = value?.DeepClone();
                changed = true;
            }
        }
        return changed;
    }

    private static List<IPEndPoint> Servers(NetworkSettings settings)
    {
        var family = new AddressRange(settings.ServiceCidrs[0]).Network.BaseAddress.AddressFamily;
        return [.. settings.ApiServers.Where(s => s.AddressFamily == family && !IPAddress.IsLoopback(s.Address))];
    }

    private static JsonObject Metadata(JsonObject labels) => new() { ["name"] = Key.Name, ["namespace"] = Key.Namespace, ["labels"] = labels };
}
