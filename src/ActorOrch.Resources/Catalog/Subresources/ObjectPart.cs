using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Kinds;

namespace ActorOrch.Resources.Catalog.Subresources;

/// <summary>
/// The object itself, or a part of it that has writers of its own: spoken in the object's kind, read as the whole, and written so that nothing but the part
/// changes. Pure.
/// </summary>
public abstract class ObjectPart(string name, params IReadOnlyList<string> verbs) : Subresource(name, verbs)
{
    /// <summary>The object itself.</summary>
    public static readonly ObjectPart Whole = new WholeObject();

    /// <summary>
    /// Takes everything that is none of the part over from what is stored, in place. Name, namespace and what the system alone writes of metadata
    /// has been settled.
    /// </summary>
    public abstract void Prepare(KindRules rules, JsonObject document, JsonObject old);

    /// <summary>Checks the prepared and defaulted document. Object metadata has been checked already.</summary>
    public abstract void Validate(KindRules rules, Field document, Field old, FieldErrors errors);

    /// <summary>Whether a change may raise <c>metadata.generation</c>.</summary>
    public virtual bool RaisesGeneration => true;

    /// <summary>What a writer of the part cannot write, whatever it says: it owns nothing of it, and nothing of it is in conflict.</summary>
    public virtual FieldSet SystemFields(ResourceType type) => FieldSet.Empty;
}
