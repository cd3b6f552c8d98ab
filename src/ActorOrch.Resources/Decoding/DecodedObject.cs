using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Decoding;

/// <summary>A document as the API takes it on.</summary>
/// <param name="Object">Normalised: only known fields, no explicit nulls, quantities and times in their canonical form.</param>
/// <param name="StrictErrors">What field validation has to say, e.g. <c>unknown field "spec.foo"</c>; warnings or the reason of a refusal.</param>
public sealed record DecodedObject(JsonObject Object, IReadOnlyList<string> StrictErrors);

/// <summary>A patch as it came.</summary>
/// <param name="StrictErrors">Fields that it gives twice.</param>
public sealed record DecodedPatch(JsonNode? Patch, IReadOnlyList<string> StrictErrors);
