using System.Text.Json.Nodes;
using ActorOrch.Reconciling;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Deployments;

/// <summary>The documents that a Deployment writes for its ReplicaSets.</summary>
internal static class ReplicaSetDocument
{
    /// <summary>A new ReplicaSet of the Deployment's template, told apart from its siblings by the hash label.</summary>
    public static JsonObject New(StoredObject deployment, string hash, ReplicaSetCreation creation)
    {
        var spec = deployment.ToJson()["spec"]!.AsObject();
        var template = spec["template"]!.DeepClone().AsObject();
        if (template["metadata"] is not JsonObject metadata) template["metadata"] = metadata = [];
        if (metadata["labels"] is not JsonObject labels) metadata["labels"] = labels = [];
        labels[PodTemplateHash.Label] = hash;
        var selector = spec["selector"]!.DeepClone().AsObject();
        if (selector["matchLabels"] is not JsonObject matched) selector["matchLabels"] = matched = [];
        matched[PodTemplateHash.Label] = hash;
        var set = new JsonObject
        {
            ["replicas"] = creation.Replicas,
            ["selector"] = selector,
            ["template"] = template,
        };
        if (spec["minReadySeconds"] is { } minReady) set["minReadySeconds"] = minReady.DeepClone();
        return new()
        {
            ["apiVersion"] = BuiltIn.ReplicaSets.ApiVersion,
            ["kind"] = BuiltIn.ReplicaSets.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Key.Name}-{hash}",
                ["labels"] = labels.DeepClone(),
                ["annotations"] = Strings(creation.Annotations),
                ["ownerReferences"] = new JsonArray(Ownership.ControllerReference(deployment)),
            },
            ["spec"] = set,
        };
    }

    /// <summary>Applies a change to the stored set; false where it is there already.</summary>
    public static bool Apply(JsonObject document, ReplicaSetChange change)
    {
        var spec = document["spec"]!.AsObject();
        var metadata = document["metadata"]!.AsObject();
        var changed = false;
        if (spec["replicas"]?.GetValue<int>() != change.Replicas)
        {
            spec["replicas"] = change.Replicas;
            changed = true;
        }
        if ((spec["minReadySeconds"]?.GetValue<int>() ?? 0) != change.MinReadySeconds)
        {
            spec["minReadySeconds"] = change.MinReadySeconds;
            changed = true;
        }
        if (metadata["annotations"] is not JsonObject annotations) metadata["annotations"] = annotations = [];
        foreach (var (name, value) in change.Annotations)
        {
            if (annotations[name]?.GetValue<string>() == value) continue;
            annotations[name] = value;
            changed = true;
        }
        return changed;
    }

    private static JsonObject Strings(IReadOnlyDictionary<string, string> values)
    {
        var json = new JsonObject();
        foreach (var (name, value) in values) json[name] = value;
        return json;
    }
}
