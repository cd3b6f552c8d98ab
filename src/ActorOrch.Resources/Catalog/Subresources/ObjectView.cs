using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Kinds;

namespace ActorOrch.Resources.Catalog.Subresources;

/// <summary>
/// An object as another kind shows it: what is read is made of the object, and what is written goes back into it. Pure. Documents of the object
/// are in the version of the request.
/// </summary>
public abstract class ObjectView(string name, DocumentKind kind, params IReadOnlyList<string> verbs) : Subresource(name, verbs, kind)
{
    // Of the object, and of its view.
    private static readonly string[] Metadata = ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"];

    // Of those, what an applier may name: which version of which object it means.
    private static readonly string[] Identity = ["name", "namespace", "uid", "resourceVersion"];

    /// <summary>The view of an object.</summary>
    public JsonObject Read(JsonObject obj)
    {
        var metadata = new JsonObject();
        CopyMetadata(Metadata, obj["metadata"] as JsonObject, metadata);
        var view = new JsonObject { ["kind"] = Kind!.Kind, ["apiVersion"] = Kind.ApiVersion, ["metadata"] = metadata };
        Fill(view, obj);
        return view;
    }

    /// <summary>Throws 500 where the object cannot be shown.</summary>
    public virtual void CheckReadable(JsonObject obj) { }

    /// <summary>Checks what is to be written.</summary>
    public abstract void Validate(Field view, FieldErrors errors);

    /// <summary>Takes what the view says over into the object.</summary>
    public abstract void Write(JsonObject view, JsonObject obj);

    /// <summary>An applied view as what it applies to the object.</summary>
    public AppliedConfiguration ToObject(AppliedConfiguration view, ResourceType type)
    {
        var document = new JsonObject { ["apiVersion"] = type.ApiVersion, ["kind"] = type.Kind };
        var metadata = document.Child("metadata");
        CopyMetadata(Identity, view.Document.Find("metadata"), metadata);
        WriteApplied(view.Document, document);
        return AppliedConfiguration.Of(document, type);
    }

    /// <summary>Fills in all but kind and metadata.</summary>
    protected abstract void Fill(JsonObject view, JsonObject obj);

    /// <summary>As <see cref="Write"/>, of what is given alone.</summary>
    protected abstract void WriteApplied(JsonObject view, JsonObject obj);

    private static void CopyMetadata(string[] names, JsonObject? from, JsonObject to)
    {
        foreach (var name in names)
            if (from?[name] is { } value) to[name] = value.DeepClone();
    }
}
