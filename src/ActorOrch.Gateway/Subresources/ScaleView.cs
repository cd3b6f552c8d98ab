using System.Text.Json.Nodes;
using ActorOrch.Gateway.Answers;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Selectors;

namespace ActorOrch.Gateway.Subresources;

/// <summary>Between a workload and its <c>Scale</c>.</summary>
internal static class ScaleView
{
    /// <summary>The Scale of a workload.</summary>
    public static JsonObject Of(JsonObject workload)
    {
        var root = Field.Root(workload);
        var metadata = new JsonObject();
        foreach (var name in (string[])["name", "namespace", "uid", "resourceVersion", "creationTimestamp"])
            if (root["metadata"][name].Node is { } value) metadata[name] = value.DeepClone();
        var status = new JsonObject { ["replicas"] = root["status"]["replicas"].Integer ?? 0 };
        if (root["spec"]["selector"].Exists) status["selector"] = Selector(root).ToString();
        return new()
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["replicas"] = root["spec"]["replicas"].Integer ?? 0 },
            ["status"] = status,
        };
    }

    private static LabelSelector Selector(Field workload)
    {
        var selector = workload["spec"]["selector"];
        return workload["kind"].Text == BuiltIn.ReplicationControllers.Kind
            ? LabelSelector.FromMap(selector.Entries.Select(e => KeyValuePair.Create(e.Key, e.Value.Text)))
            : LabelSelector.From(selector.Node);
    }

    /// <summary>
    /// Takes the wanted replicas over into the workload; false where it has them already. Throws 400, 409 and 422 where the Scale is
    /// not one of this workload at this version, or not a number of replicas.
    /// </summary>
    public static bool Apply(ResourceType type, ObjectKey key, JsonObject current, JsonObject wanted, JsonObject workload)
    {
        var (now, scale) = (Field.Root(current), Field.Root(wanted));
        RequestedObject.CheckReplaces(key, wanted);
        var revision = scale["metadata"]["resourceVersion"].Text;
        if (revision.Length > 0 && revision != now["metadata"]["resourceVersion"].Text) throw ApiException.Conflict(type, key.Name);
        var uid = scale["metadata"]["uid"].Text;
        if (uid.Length > 0 && uid != now["metadata"]["uid"].Text)
            throw ApiException.Conflict(type, key.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {now["metadata"]["uid"].Text}");

        var replicas = scale["spec"]["replicas"].Integer ?? 0;
        CheckReplicas(key, replicas);
        if (replicas == now["spec"]["replicas"].Integer) return false;
        workload["spec"]!["replicas"] = replicas;
        return true;
    }

    /// <summary>An applied Scale as what it applies to its workload: the replicas, and which version of which object it means.</summary>
    public static AppliedConfiguration ToWorkload(ResourceType type, ObjectKey key, AppliedConfiguration scale)
    {
        var root = Field.Root(scale.Document);
        var metadata = (JsonObject?)root["metadata"].Node?.DeepClone() ?? [];
        metadata["name"] ??= key.Name;
        RequestedObject.CheckReplaces(key, new() { ["metadata"] = metadata.DeepClone() });
        var (document, spec) = (new JsonObject { ["apiVersion"] = type.ApiVersion, ["kind"] = type.Kind }, new JsonObject());
        var named = new JsonObject();
        foreach (var name in (string[])["name", "namespace", "uid", "resourceVersion"])
            if (metadata[name] is { } value) named[name] = value.DeepClone();
        document["metadata"] = named;
        if (root["spec"]["replicas"].Integer is { } replicas)
        {
            CheckReplicas(key, replicas);
            spec["replicas"] = root["spec"]["replicas"].Node!.DeepClone();
            document["spec"] = spec;
        }
        return AppliedConfiguration.Of(document, type);
    }

    private static void CheckReplicas(ObjectKey key, long replicas)
    {
        if (replicas < 0)
            throw Failures.InvalidParameter("Scale.autoscaling", key.Name,
                new FieldError("FieldValueInvalid", "spec.replicas", $"Invalid value: {replicas}: must be greater than or equal to 0"));
    }
}
