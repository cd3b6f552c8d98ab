using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.FieldOwnership;

/// <summary>What a request cannot write, whatever it says: it owns nothing of it, and nothing of it is in conflict.</summary>
public static class SystemFields
{
    // What a writer of the status changes beside it.
    private static readonly string[] MetadataOfStatusWriters = ["labels", "annotations", "finalizers"];

    /// <summary>Of the object itself, or of its status.</summary>
    public static FieldSet Of(ResourceType type, string subresource)
    {
        if (subresource.Length == 0) return type.Rules.SystemFields;
        if (subresource != "status") return FieldSet.Empty;
        var schema = Schema.Of(type);
        var metadata = FieldSet.OfFields(Schema.Of(typeof(k8s.Models.V1ObjectMeta)).Fields.Keys.Except(MetadataOfStatusWriters));
        var fields = new FieldSet();
        foreach (var name in schema.Fields.Keys)
            if (name is not ("metadata" or "status")) fields.Put(PathElement.Field(name), isMember: true, FieldSet.Empty);
        fields.Put(PathElement.Field("metadata"), isMember: false, metadata);
        return fields;
    }
}
