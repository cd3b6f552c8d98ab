using ActorOrch.Registry.Api;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Nodes.Registration;

/// <summary>What became of a Node object.</summary>
/// <param name="Node">As it is stored now; null where it is not there and nobody wants it.</param>
internal sealed record NodeWritten(StoredObject? Node, bool Created, bool BecameNotReady, IReadOnlyList<TaintChange> Taints);

/// <summary>Writes a Node object until it is as intended.</summary>
internal sealed class NodeWriter(IObjectApi api, TimeProvider time)
{
    private const int MostRounds = 20;

    /// <param name="atLeast">The revision of the nodes that must have been seen.</param>
    internal async Task<NodeWritten> WriteAsync(string name, NodeIntent intent, long atLeast, CancellationToken cancel)
    {
        var nodes = api.Registry[BuiltIn.Nodes];
        var key = ObjectKey.ClusterScoped(name);
        var current = (await nodes.ReadAtLeastAsync(atLeast, cancel)).Get(key);
        for (var round = 0; round < MostRounds; round++)
        {
            var change = NodeDocument.Desired(name, current?.ToJson(), intent, time.GetUtcNow());
            if (change is null) return new(current, false, false, []);
            if (current is null)
            {
                try
                {
                    var created = await api.CreateAsync(BuiltIn.Nodes, "", change.Document, WriteOptions.Default with { FieldManager = SystemWrite.Agent }, cancel);
                    return new(created, true, false, change.Taints);
                }
                catch (ApiException taken) when (taken.Reason == "AlreadyExists")
                {
                    current = (await nodes.ReadConsistentAsync(cancel)).Get(key);
                    continue;
                }
            }
            var result = await nodes.WriteAsync(new Write.Replace(SystemWrite.Encode(BuiltIn.Nodes, current, change.Document, SystemWrite.Agent, "status", time.GetUtcNow()), current.Revision), cancel);
            switch (result.Outcome)
            {
                case WriteOutcome.Committed:
                    return new(result.Object, false, change.BecameNotReady, change.Taints);
                case WriteOutcome.Conflict:
                    current = result.Object;
                    break;
                case WriteOutcome.NotFound:
                    current = null;
                    break;
                default:
                    throw ApiException.Unavailable(result.Detail ?? "the nodes cannot be written now");
            }
        }
        throw ApiException.Conflict(BuiltIn.Nodes, name);
    }
}
