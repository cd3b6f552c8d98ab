using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Versions;

namespace ActorOrch.Registry.Api;

/// <summary>From what is written to a view of an object (its <c>scale</c>) to the document that is to replace the object.</summary>
internal static class ViewSteps
{
    /// <param name="change">From the view as it is to the view as it is to be.</param>
    public static Proposal Change(ResourceType type, ObjectKey key, ObjectView view, StoredObject current, Func<JsonObject, JsonObject> change)
    {
        var document = type.FromStorage(current.ToJson());
        OwnershipSteps.Take(document);
        var before = view.Read(document);
        var after = change(before);
        Check(type, key, Field.Root(before)["metadata"], after);
        Validate(view, key, after);
        view.Write(after, document);
        return new(type.ToStorage(document)) { View = new(view, before, after) };
    }

    /// <summary>Takes what admission has made of a view over into the object's document, which is as it is stored.</summary>
    public static void TakeOver(ResourceType type, ObjectView view, AdmissionRequest admitted, JsonObject document)
    {
        AdmissionChain.DecodeAgain(admitted, view.Kind!.Schema);
        Validate(view, admitted.Key, admitted.Object!);
        type.FromStorage(document);
        view.Write(admitted.Object!, document);
        type.ToStorage(document);
    }

    /// <summary>What an applied view applies to the object.</summary>
    public static AppliedConfiguration ToObject(ResourceType type, ObjectKey key, ObjectView view, AppliedConfiguration applied)
    {
        if (applied.Document["metadata"] is not JsonObject metadata) applied.Document["metadata"] = metadata = [];
        metadata["name"] ??= key.Name;
        RequestedObject.CheckReplaces(key, applied.Document);
        Validate(view, key, applied.Document);
        return view.ToObject(applied, type);
    }

    private static void Validate(ObjectView view, ObjectKey key, JsonObject document)
    {
        var errors = new FieldErrors();
        view.Validate(Field.Root(document), errors);
        if (errors.Any) throw ApiException.Invalid(view.Kind!, key.Name, errors.All);
    }

    /// <summary>Throws 400 and 409 where a view is not one of this object at this version.</summary>
    private static void Check(ResourceType type, ObjectKey key, Field now, JsonObject wanted)
    {
        RequestedObject.CheckReplaces(key, wanted);
        var metadata = Field.Root(wanted)["metadata"];
        var revision = metadata["resourceVersion"].Text;
        if (revision.Length > 0 && revision != now["resourceVersion"].Text) throw ApiException.Conflict(type, key.Name);
        UpdateSteps.CheckUid(type, key, now["uid"].Text, wanted);
    }
}
