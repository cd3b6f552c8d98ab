using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Endpoints;

/// <summary><c>core/v1 Endpoints</c>.</summary>
internal sealed class EndpointsRules : KindRules
{
    public override bool AllowCreateOnUpdate => true;

    public override void Default(JsonObject obj)
    {
        foreach (var subset in obj.Objects("subsets"))
            foreach (var port in subset.Objects("ports")) port.Default("protocol", "TCP");
    }

    public override void Validate(Field obj, FieldErrors errors) => EndpointsValidation.Validate(obj, errors);
}
