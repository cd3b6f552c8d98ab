using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds;

namespace ActorOrch.Registry.Api;

/// <summary>What an action has made of an object: it stays as the action made it, and has nothing of a writer's that could be wrong.</summary>
internal sealed class DecidedChange : ObjectPart
{
    public static readonly DecidedChange Instance = new();

    private DecidedChange() : base("")
    {
    }

    public override void Prepare(KindRules rules, JsonObject document, JsonObject old) { }

    public override void Validate(KindRules rules, Field document, Field old, FieldErrors errors) { }
}
