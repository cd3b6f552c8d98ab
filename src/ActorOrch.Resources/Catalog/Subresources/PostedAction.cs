using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Catalog.Subresources;

/// <summary>Something that is done to an object by what is posted to it. Pure: what is to be done is told, and the way of writes does it.</summary>
public abstract class PostedAction(string name, DocumentKind kind) : Subresource(name, ["create"], kind)
{
    /// <summary>Checks what is posted.</summary>
    public virtual void Validate(Field posted, FieldErrors errors) { }
}

/// <summary>One that changes the object, in parts that its writers may not change otherwise.</summary>
public abstract class ChangingAction(string name, DocumentKind kind) : PostedAction(name, kind)
{
    /// <summary>The object, as it is stored, with the change made. Throws <see cref="ApiException"/> where it cannot be.</summary>
    /// <param name="posted">Checked by <see cref="PostedAction.Validate"/>.</param>
    public abstract JsonObject Apply(StoredObject obj, JsonObject posted, DateTimeOffset now);
}

/// <summary>One that deletes the object.</summary>
public abstract class DeletingAction(string name, DocumentKind kind) : PostedAction(name, kind)
{
    /// <summary>How: <c>meta/v1 DeleteOptions</c>, where there are any.</summary>
    public abstract Field OptionsOf(JsonObject posted);
}
