using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ActorOrch.Resources.Decoding;

/// <summary>What a scalar means under the rules of YAML 1.1 as Go's yaml package has them. Timestamps stay strings.</summary>
internal static partial class YamlScalar
{
    private const string TagPrefix = "tag:yaml.org,2002:";

    public static JsonNode? Read(Scalar scalar)
    {
        var tag = scalar.Tag.IsEmpty ? "" : scalar.Tag.Value;
        if (tag == "!" || (tag.Length == 0 && scalar.Style != ScalarStyle.Plain)) return JsonValue.Create(scalar.Value);
        if (tag.Length == 0) return Resolve(scalar.Value);
        if (!tag.StartsWith(TagPrefix, StringComparison.Ordinal)) return JsonValue.Create(scalar.Value);
        return tag[TagPrefix.Length..] switch
        {
            "binary" => Binary(scalar),
            "int" or "float" or "bool" or "null" => Tagged(scalar, tag[TagPrefix.Length..]),
            _ => JsonValue.Create(scalar.Value),
        };
    }

    private static JsonNode? Resolve(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON":
                return JsonValue.Create(true);
            case "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF":
                return JsonValue.Create(false);
            case ".nan" or ".NaN" or ".NAN":
                throw new DecodingException("json: unsupported value: NaN");
            case ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF":
                throw new DecodingException("json: unsupported value: +Inf");
            case "-.inf" or "-.Inf" or "-.INF":
                throw new DecodingException("json: unsupported value: -Inf");
        }
        if (!char.IsAsciiDigit(text[0]) && text[0] is not ('+' or '-' or '.')) return JsonValue.Create(text);
        return Number(text.Replace("_", "", StringComparison.Ordinal)) ?? JsonValue.Create(text);
    }

    private static JsonNode? Number(string text)
    {
        if (Integer(text) is { } integer && integer >= long.MinValue && integer <= ulong.MaxValue) return JsonNumber.Of(integer.ToString(CultureInfo.InvariantCulture));
        if (!Float().IsMatch(text)) return null;
        var value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsFinite(value)) return null;
        return JsonNumber.Of(value == Math.Truncate(value) && Math.Abs(value) < 1e21
            ? new BigInteger(value).ToString(CultureInfo.InvariantCulture)
            : value.ToString("R", CultureInfo.InvariantCulture));
    }

    // Go reads integers with their prefix: 0x, 0o, 0b, and a leading 0 for octal.
    private static BigInteger? Integer(string text)
    {
        var negative = text.StartsWith('-');
        var digits = text[0] is '+' or '-' ? text[1..] : text;
        if (digits.Length == 0 || digits.Length > 66) return null;
        var (radix, start) = digits switch
        {
            ['0', 'x' or 'X', ..] => (16, 2),
            ['0', 'o' or 'O', ..] => (8, 2),
            ['0', 'b' or 'B', ..] => (2, 2),
            ['0', _, ..] => (8, 1),
            _ => (10, 0),
        };
        if (start == digits.Length) return null;
        var value = BigInteger.Zero;
        foreach (var c in digits.AsSpan(start))
        {
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix) return null;
            value = value * radix + digit;
        }
        return negative ? -value : value;
    }

    private static JsonNode? Tagged(Scalar scalar, string tag)
    {
        var value = Resolve(scalar.Value);
        var fits = tag switch
        {
            "null" => value is null,
            "bool" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            _ => value?.GetValueKind() == JsonValueKind.Number,
        };
        return fits ? value : throw new DecodingException($"yaml: line {scalar.Start.Line}: cannot decode !!str `{scalar.Value}` as a !!{tag}");
    }

    private static JsonNode Binary(Scalar scalar)
    {
        var bytes = new byte[scalar.Value.Length];
        return Convert.TryFromBase64String(scalar.Value, bytes, out var length)
            ? JsonValue.Create(Encoding.UTF8.GetString(bytes, 0, length))
            : throw new DecodingException("yaml: !!binary value contains invalid base64 data");
    }

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Float();
}
