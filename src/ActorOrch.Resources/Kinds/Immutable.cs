using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds;

/// <summary>Fields that keep the value they were created with.</summary>
internal static class Immutable
{
    public const string Message = "field is immutable";

    public static void Check(Field field, Field old, FieldErrors errors)
    {
        if (!JsonNode.DeepEquals(field.Node, old.Node)) errors.Invalid(field, GoLiteral.Of(field), Message);
    }
}
