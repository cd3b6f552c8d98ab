using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Kinds;

namespace ActorOrch.Resources.Catalog.Subresources;

/// <summary>The object itself, all of it.</summary>
internal sealed class WholeObject() : ObjectPart("")
{
    public override void Prepare(KindRules rules, JsonObject document, JsonObject old) => rules.PrepareForUpdate(document, old);

    public override void Validate(KindRules rules, Field document, Field old, FieldErrors errors)
    {
        rules.Validate(document, errors);
        rules.ValidateUpdate(document, old, errors);
    }

    public override FieldSet SystemFields(ResourceType type) => type.Rules.SystemFields;
}
