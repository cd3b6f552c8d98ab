using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Schemas;
using k8s.Models;

namespace ActorOrch.Resources.Catalog.Subresources;

/// <summary><c>status</c>: what is seen of an object, written by those who see it.</summary>
public sealed class StatusPart : ObjectPart
{
    public static readonly StatusPart Instance = new();

    // What a writer of the status changes of metadata, unless the kind's rules refuse it.
    private static readonly string[] Metadata = ["labels", "annotations", "finalizers"];

    private StatusPart() : base("status", "get", "patch", "update")
    {
    }

    public override bool RaisesGeneration => false;

    public override void Prepare(KindRules rules, JsonObject document, JsonObject old)
    {
        var (written, kept) = (document["metadata"]!.AsObject(), (JsonObject)old["metadata"]!.DeepClone());
        foreach (var name in Metadata)
        {
            if (written[name] is { } value) kept[name] = value.DeepClone();
            else kept.Remove(name);
        }
        document["metadata"] = kept;
        rules.PrepareForStatusUpdate(document, old);
    }

    public override void Validate(KindRules rules, Field document, Field old, FieldErrors errors) => rules.ValidateStatusUpdate(document, old, errors);

    public override FieldSet SystemFields(ResourceType type)
    {
        var metadata = FieldSet.OfFields(Schema.Of(typeof(V1ObjectMeta)).Fields.Keys.Except(Metadata));
        var fields = new FieldSet();
        foreach (var name in Schema.Of(type).Fields.Keys)
            if (name is not ("metadata" or "status")) fields.Put(PathElement.Field(name), isMember: true, FieldSet.Empty);
        fields.Put(PathElement.Field("metadata"), isMember: false, metadata);
        return fields;
    }
}
