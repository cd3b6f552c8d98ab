using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Namespaces;

/// <summary><c>finalize</c>: the finalizers of a namespace's spec, which go one by one when its content has gone.</summary>
internal sealed class FinalizePart() : ObjectPart("finalize", "update")
{
    public override void Prepare(KindRules rules, JsonObject document, JsonObject old)
    {
        var finalizers = document.Find("spec")?["finalizers"]?.DeepClone();
        Copy(old, document, "spec");
        Copy(old, document, "status");
        var spec = document.Child("spec");
        if (finalizers is JsonArray { Count: > 0 }) spec["finalizers"] = finalizers;
        else spec.Remove("finalizers");
    }

    public override void Validate(KindRules rules, Field document, Field old, FieldErrors errors)
    {
        // Nothing can be wrong with a list of which some is left.
    }

    private static void Copy(JsonObject from, JsonObject to, string name)
    {
        if (from[name] is { } value) to[name] = value.DeepClone();
        else to.Remove(name);
    }
}
