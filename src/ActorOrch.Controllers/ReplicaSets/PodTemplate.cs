using System.Text.Json.Nodes;
using ActorOrch.Reconciling;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.ReplicaSets;

/// <summary>Makes pods from the template of their controller.</summary>
public sealed class PodTemplate
{
    private readonly JsonObject _pod;

    /// <param name="owner">A ReplicaSet or another kind with <c>spec.template</c>.</param>
    public PodTemplate(StoredObject owner)
    {
        var template = owner.ToJson()["spec"]!["template"]!.AsObject();
        var metadata = new JsonObject { ["generateName"] = owner.Key.Name + "-" };
        if (template["metadata"] is JsonObject given)
            foreach (var name in (ReadOnlySpan<string>)["labels", "annotations", "finalizers"])
                if (given[name] is { } value) metadata[name] = value.DeepClone();
        metadata["ownerReferences"] = new JsonArray(Ownership.ControllerReference(owner));
        _pod = new()
        {
            ["apiVersion"] = BuiltIn.Pods.ApiVersion,
            ["kind"] = BuiltIn.Pods.Kind,
            ["metadata"] = metadata,
            ["spec"] = template["spec"]!.DeepClone(),
        };
    }

    /// <summary>A document of the caller's own, named by generateName.</summary>
    public JsonObject NewPod() => _pod.DeepClone().AsObject();
}
