using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Decoding;

/// <summary>Makes numbers of a document as parsed elements, so that they read as any number type that holds them.</summary>
internal static class JsonNumber
{
    public static JsonNode Of(long number) => Of(number.ToString(CultureInfo.InvariantCulture));

    /// <param name="number">A number as JSON writes it.</param>
    public static JsonNode Of(string number) => JsonValue.Create(JsonElement.Parse(number))!;
}
