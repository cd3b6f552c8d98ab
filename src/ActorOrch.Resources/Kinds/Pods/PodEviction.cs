using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary><c>eviction</c>: deletes a pod unless something has to keep it.</summary>
public sealed class PodEviction() : DeletingAction("eviction", new("policy", "v1", "Eviction", typeof(V1Eviction)) { OlderVersion = "v1beta1" })
{
    public override Field OptionsOf(JsonObject posted) => Field.Root(posted)["deleteOptions"];
}
