using System.Globalization;
using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Patches;

/// <summary>A place in a document by RFC 6901: <c>/spec/containers/0/image</c>, <c>~1</c> for a slash and <c>~0</c> for a tilde.</summary>
internal readonly struct JsonPointer
{
    private readonly string[] _tokens;

    private JsonPointer(string[] tokens) => _tokens = tokens;

    /// <summary>Whether it names the whole document.</summary>
    public bool IsRoot => _tokens.Length == 0;

    /// <summary>How many steps below the document's root the place is.</summary>
    public int Depth => _tokens.Length;

    /// <summary>The last token: a field's name, an index, or <c>-</c> for behind the end of a list.</summary>
    public string Last => _tokens[^1];

    /// <summary>Null where the text is no pointer.</summary>
    public static JsonPointer? Parse(string text)
    {
        if (text.Length == 0) return new([]);
        if (text[0] != '/') return null;
        var tokens = text[1..].Split('/');
        for (var i = 0; i < tokens.Length; i++)
            tokens[i] = tokens[i].Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
        return new(tokens);
    }

    /// <summary>What contains the place: an object or an array, or null where there is none.</summary>
    public JsonNode? Container(JsonNode? root)
    {
        var node = root;
        foreach (var token in _tokens.AsSpan(0, _tokens.Length - 1))
            if (!TryStep(node, token, out node)) return null;
        return node is JsonObject or JsonArray ? node : null;
    }

    /// <summary>False where nothing is there; true with null for an explicit null.</summary>
    public bool TryFind(JsonNode? root, out JsonNode? found)
    {
        found = root;
        foreach (var token in _tokens)
            if (!TryStep(found, token, out found)) return false;
        return true;
    }

    /// <summary>An index into a list of <paramref name="count"/> elements; false for what is none. Negative ones and leading zeros are none.</summary>
    public static bool TryIndex(string token, int count, out int index) =>
        int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out index) && index < count && (token.Length == 1 || token[0] != '0');

    private static bool TryStep(JsonNode? node, string token, out JsonNode? next)
    {
        next = null;
        switch (node)
        {
            case JsonObject map:
                return map.TryGetPropertyValue(token, out next);
            case JsonArray list when TryIndex(token, list.Count, out var index):
                next = list[index];
                return true;
            default:
                return false;
        }
    }
}
