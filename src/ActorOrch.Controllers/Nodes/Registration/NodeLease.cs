using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Nodes.Registration;

/// <summary>The Lease in <c>kube-node-lease</c> that shows when a node was heard last.</summary>
internal static class NodeLease
{
    private const string Namespace = "kube-node-lease";
    private const int DurationSeconds = 40;

    /// <summary>Renews it, or creates it. Losing a race against another writer does not matter: it is renewed again soon.</summary>
    internal static async Task RenewAsync(IObjectApi api, StoredObject node, DateTimeOffset now, CancellationToken cancel)
    {
        var leases = api.Registry[BuiltIn.Leases];
        if (leases.Latest.Get(new(Namespace, node.Key.Name)) is { } known)
        {
            var lease = known.ToJson();
            lease["spec"]!["renewTime"] = Timestamps.MicroTime(now);
            await leases.WriteAsync(new Write.Replace(SystemWrite.Encode(BuiltIn.Leases, known, lease, SystemWrite.Agent, "", now), known.Revision), cancel);
            return;
        }
        await api.CreateAsync(BuiltIn.Leases, Namespace, New(node, now), WriteOptions.Default with { FieldManager = SystemWrite.Agent }, cancel);
    }

    private static JsonObject New(StoredObject node, DateTimeOffset now) => new()
    {
        ["apiVersion"] = BuiltIn.Leases.ApiVersion,
        ["kind"] = BuiltIn.Leases.Kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = node.Key.Name,
            ["namespace"] = Namespace,
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Node",
                ["name"] = node.Key.Name,
                ["uid"] = node.Uid,
            }),
        },
        ["spec"] = new JsonObject
        {
            ["holderIdentity"] = node.Key.Name,
            ["leaseDurationSeconds"] = DurationSeconds,
            ["renewTime"] = Timestamps.MicroTime(now),
        },
    };
}
