using System.Text.Json.Nodes;
using ActorOrch.Resources.FieldOwnership;

namespace ActorOrch.Registry.Api;

/// <summary>What is to take an object's place.</summary>
/// <param name="Document">Where it has <c>managedFields</c>, its writer gave them.</param>
/// <param name="Owners">Of what was applied: who owns what then. Null: it follows from what has changed.</param>
internal sealed record Proposal(JsonObject Document, FieldManagers? Owners = null);
