using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.FieldOwnership;

namespace ActorOrch.Registry.Api;

/// <summary>What is to take an object's place.</summary>
/// <param name="Document">Where it has <c>managedFields</c>, its writer gave them.</param>
/// <param name="Owners">Of what was applied: who owns what then. Null: it follows from what has changed.</param>
internal sealed record Proposal(JsonObject Document, FieldManagers? Owners = null)
{
    /// <summary>Whether an action made it, which admission has passed: nobody owns what has changed.</summary>
    public bool IsDecided { get; init; }

    /// <summary>Where a view of the object was written: how it changes.</summary>
    public ViewChange? View { get; init; }
}

/// <summary>How a view of an object changes.</summary>
internal sealed record ViewChange(ObjectView View, JsonObject Before, JsonObject After);
