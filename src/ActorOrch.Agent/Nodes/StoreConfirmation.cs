using ActorOrch.Agent.Runtimes;
using ActorOrch.Contracts.Nodes;

namespace ActorOrch.Agent.Nodes;

/// <summary>
/// Whether an agent may act on the first picture of its pods. What runs and is not in the picture is removed, so it has to come from the store
/// under which the containers were made: a store that was lost and made anew knows of nothing, and must not end what runs. Pure.
/// </summary>
internal static class StoreConfirmation
{
    /// <summary>Why not: a sentence for the log and the node's condition. Null where it may.</summary>
    /// <param name="kept">The store that this node belonged to when it was last told; null where nothing is kept of that.</param>
    /// <param name="found">Every container of the node.</param>
    public static string? Refusal(AssignedPods picture, string? kept, IReadOnlyCollection<ContainerState> found)
    {
        if (kept is not null && kept != picture.StoreId) return Other(picture.StoreId, $"this node belonged to the store {kept}");
        var labelled = found.Where(c => c.Labels.ContainsKey(ContainerLabels.Store)).ToList();
        if (labelled.Find(c => c.Labels[ContainerLabels.Store] != picture.StoreId) is { } another)
            return Other(picture.StoreId, $"the container {another.Id} was made for the store {another.Labels[ContainerLabels.Store]}");
        // Those of earlier versions do not say for which store they were made.
        var silent = found.Count - labelled.Count;
        return kept is null && silent > 0 && !picture.NodeKnown
            ? $"the control plane's store has never heard of this node, and {silent} containers of it are here: nothing is removed or started"
            : null;
    }

    private static string Other(string storeId, string here) =>
        $"the control plane has {(storeId.Length == 0 ? "no store that it names" : $"the store {storeId}")}, but {here}: nothing is removed or started";
}
