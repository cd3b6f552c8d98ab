using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Schemas;
using ActorOrch.Resources.Schemas.Validation;

namespace ActorOrch.Resources.CustomKinds;

/// <summary>Of a kind without a model: all that is particular about it follows from its definition.</summary>
/// <param name="hasStatus">Whether the status is written by way of a subresource; else it is a field as any other.</param>
internal sealed class CustomKindRules(Schema schema, bool hasStatus) : KindRules
{
    // Read when the first object comes: of most kinds there is none.
    private readonly Lazy<ValueRules> _values = new(() => ValueRules.Read(schema.Source ?? default));

    public override bool HasGeneration => true;

    public override bool AllowUnconditionalUpdate => false;

    public override FieldSet SystemFields => hasStatus ? base.SystemFields : FieldSet.Empty;

    public override void PrepareForCreate(JsonObject obj)
    {
        if (hasStatus) base.PrepareForCreate(obj);
    }

    public override void PrepareForUpdate(JsonObject obj, JsonObject old)
    {
        if (hasStatus) base.PrepareForUpdate(obj, old);
    }

    public override bool ChangesGeneration(JsonObject obj, JsonObject old)
    {
        foreach (var name in obj.Select(f => f.Key).Concat(old.Select(f => f.Key)))
            if (name != "metadata" && !(hasStatus && name == "status") && !JsonNode.DeepEquals(obj[name], old[name])) return true;
        return false;
    }

    public override void Default(JsonObject obj) => SchemaDefaults.Apply(obj, schema);

    public override void Validate(Field obj, FieldErrors errors)
    {
        ValueCheck.Run(obj, _values.Value, errors);
        EmbeddedResources.Check(obj, schema, errors, isRoot: true);
        ListKeys.Check(obj, schema, errors);
    }

    public override void ValidateStatusUpdate(Field obj, Field old, FieldErrors errors) => Validate(obj, errors);
}
