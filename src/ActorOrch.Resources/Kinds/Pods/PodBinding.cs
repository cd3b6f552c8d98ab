using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary><c>binding</c>: assigns a pod to a node, once.</summary>
public sealed class PodBinding() : ChangingAction("binding", new("", "v1", "Binding", typeof(V1Binding)))
{
    public override void Validate(Field posted, FieldErrors errors)
    {
        var target = posted["target"];
        if (target["kind"].Text is not ("" or "Node")) errors.NotSupported(target["kind"], "Node", "<empty>");
        if (target["name"].Text.Length == 0) errors.Required(target["name"]);
    }

    /// <summary>The pod with its node set and <c>PodScheduled</c> true. Throws 409 where it has a node or is being deleted.</summary>
    public override JsonObject Apply(StoredObject obj, JsonObject posted, DateTimeOffset now)
    {
        var document = obj.ToJson();
        if (obj.Meta.DeletionTimestamp is not null)
            throw Conflict(obj, $"pod {obj.Key.Name} is being deleted, cannot be assigned to a host");
        var assigned = Field.Root(document)["spec"]["nodeName"].Text;
        if (assigned.Length > 0)
            throw Conflict(obj, $"pod {obj.Key.Name} is already assigned to node \"{assigned}\"");
        document.Child("spec")["nodeName"] = Field.Root(posted)["target"]["name"].Text;
        if (posted.Find("metadata")?.Find("annotations") is { } annotations)
        {
            var existing = document.Child("metadata").Child("annotations");
            foreach (var (name, value) in annotations) existing[name] = value?.DeepClone();
        }
        SetScheduled(document.Child("status"), now);
        return document;
    }

    /// <summary>Here upstream names the subresource, too.</summary>
    private static ApiException Conflict(StoredObject pod, string detail) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on pods/binding \"{pod.Key.Name}\": {detail}") { Name = pod.Key.Name, Kind = "pods/binding" };

    private static void SetScheduled(JsonObject status, DateTimeOffset now)
    {
        if (status["conditions"] is not JsonArray conditions) status["conditions"] = conditions = [];
        var existing = conditions.OfType<JsonObject>().FirstOrDefault(c => c.Text("type") == "PodScheduled");
        if (existing is not null) conditions.Remove(existing);
        conditions.Add(new JsonObject
        {
            ["type"] = "PodScheduled",
            ["status"] = "True",
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = GoTime.Seconds(now),
        });
    }
}
