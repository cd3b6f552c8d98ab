namespace ActorOrch.Resources.Kinds;

/// <summary>A field that objects need not be searched for.</summary>
/// <param name="Name">As a field selector names it.</param>
/// <param name="Index">The name of the collection's index.</param>
/// <param name="HasEmpty">Whether those without a value are in it, under the empty string.</param>
public sealed record IndexedField(string Name, string Index, bool HasEmpty = false);
