using System.Text.Json.Nodes;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Objects;
using CsCheck;

namespace ActorOrch.Registry.Tests;

internal static class Samples
{
    private sealed class ClaimingRules : KindRules
    {
        public override IEnumerable<string> Claims(JsonObject obj) => obj["spec"]?["clusterIP"] is { } address ? [$"clusterIP:{address}"] : [];
    }

    /// <summary>A kind whose objects claim <c>spec.clusterIP</c>.</summary>
    public static readonly ResourceType Claiming = new()
    {
        Group = "example.com",
        Version = "v1",
        Kind = "Claim",
        Plural = "claims",
        Singular = "claim",
        Namespaced = true,
        Rules = new ClaimingRules(),
        Columns = [],
    };

    public static ObjectDraft Draft(string name, string data = "", string @namespace = "default", string? claim = null) => ObjectDraft.Encode(new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = @namespace, ["uid"] = $"uid-{name}" },
        ["spec"] = claim is null ? null : new JsonObject { ["clusterIP"] = claim },
        ["data"] = new JsonObject { ["value"] = data },
    });

    public static ObjectDraft Pod(string name, string? node = null, string? owner = null)
    {
        var metadata = new JsonObject { ["name"] = name, ["namespace"] = "default" };
        if (owner is not null)
            metadata["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "apps/v1", ["kind"] = "ReplicaSet", ["name"] = "rs", ["uid"] = owner });
        var spec = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "c", ["nodeName"] = "not this one" }) };
        if (node is not null) spec["nodeName"] = node;
        return ObjectDraft.Encode(new() { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = spec });
    }

    public static ObjectKey Key(string name) => new("default", name);

    public static Write Create(string name, string data = "", string? claim = null) => new Write.Create(Draft(name, data, claim: claim));

    public static Write Replace(string name, long expected, string data = "", string? claim = null) => new Write.Replace(Draft(name, data, claim: claim), expected);

    public static Write Remove(string name, long expected) => new Write.Remove(Key(name), expected);

    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>The <c>data.value</c> of an object.</summary>
    public static string Data(this StoredObject obj) => obj.ToJson()["data"]!["value"]!.GetValue<string>();
}
