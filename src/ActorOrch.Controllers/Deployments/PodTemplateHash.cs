using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ActorOrch.Controllers.Deployments;

/// <summary>Tells whether two pod templates are the same, and names the ReplicaSet of one (label <c>pod-template-hash</c>).</summary>
public static class PodTemplateHash
{
    public const string Label = "pod-template-hash";

    // Upstream's alphabet for generated names: no vowels and no look-alikes, so that no words come out.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>The template as text that is equal for equal templates: sorted, without what says nothing, without the hash label.</summary>
    public static string Canonical(JsonNode? template)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, template, "");
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>FNV-1a of the canonical template and, from the first collision on, their number; written in decimal and then in the alphabet.</summary>
    public static string Compute(string canonical, int? collisionCount)
    {
        var hash = Fnv1A(2166136261, Encoding.UTF8.GetBytes(canonical));
        if (collisionCount is { } collisions) hash = Fnv1A(hash, BitConverter.GetBytes(collisions));
        var digits = hash.ToString(CultureInfo.InvariantCulture);
        return string.Create(digits.Length, digits, static (span, text) =>
        {
            for (var i = 0; i < text.Length; i++) span[i] = Alphabet[text[i] % Alphabet.Length];
        });
    }

    private static uint Fnv1A(uint hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes) hash = unchecked((hash ^ b) * 16777619);
        return hash;
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? node, string path)
    {
        switch (node)
        {
            case JsonObject obj:
                writer.WriteStartObject();
                foreach (var (name, value) in obj.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    if (value is null or JsonObject { Count: 0 } || (path == "/metadata/labels" && name == Label)) continue;
                    writer.WritePropertyName(name);
                    Write(writer, value, $"{path}/{name}");
                }
                writer.WriteEndObject();
                break;
            case JsonArray array:
                writer.WriteStartArray();
                foreach (var item in array) Write(writer, item, path + "[]");
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
