using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.Decoding;

/// <summary>
/// One walk over a document against its schema: drops what the schema does not know and explicit nulls, brings quantities and times
/// into canonical form, and stops at the first value of a wrong type, in the words of Go's JSON decoder.
/// </summary>
internal sealed class SchemaWalk(StrictErrorList errors)
{
    private readonly DocumentPath _path = new(errors);
    private readonly List<string> _fields = [];
    private string _struct = "";
    private int _depth = 1;

    /// <summary>Throws <see cref="DecodingException"/>.</summary>
    public void Run(JsonObject document, Schema schema) => Fields(document, schema);

    private void Fields(JsonObject obj, Schema schema)
    {
        var outer = _struct;
        List<string>? dropped = null;
        for (var i = 0; i < obj.Count; i++)
        {
            var (name, value) = obj.GetAt(i);
            _path.Push(name);
            if (!schema.TryGetField(name, out var field))
            {
                if (schema.Open && (value is not null || schema.Source is not null)) RequireDepth(value, _depth + 1);
                else
                {
                    if (!schema.Open) _path.Report("unknown");
                    (dropped ??= []).Add(name);
                }
            }
            else
            {
                _struct = schema.Name;
                _fields.Add(name);
                var kept = value is null ? null : Value(value, field.Type);
                var stays = value is null && field.Type is { Source: not null } custom && (custom.IsNullable || !custom.HasDefault);
                _fields.RemoveAt(_fields.Count - 1);
                // An empty list of managers is a wish, no absence of one: to forget them all.
                if (kept is null && name == "managedFields" && value is JsonArray && _fields is ["metadata"]) kept = value;
                if (kept is null && stays)
                {
                    // What is wrong with a null is for validation to say.
                }
                else if (kept is null) (dropped ??= []).Add(name);
                else if (!ReferenceEquals(kept, value)) obj.SetAt(i, kept);
            }
            _path.Pop();
        }
        if (dropped is not null) obj.RemoveAll(dropped);
        _struct = outer;
    }

    // The value to keep: most often the one given. Null: the field is as good as absent.
    private JsonNode? Value(JsonNode value, Schema schema)
    {
        if (schema.Source is not null) return Structural(value, schema);
        switch (schema.Kind)
        {
            case SchemaKind.Object:
                if (value is not JsonObject obj) throw WrongType(value, schema.GoType);
                _depth++;
                Fields(obj, schema);
                _depth--;
                return obj;
            case SchemaKind.Map:
                return Map(value, schema);
            case SchemaKind.List:
                return List(value, schema);
            case SchemaKind.String:
                return Is(value, JsonValueKind.String) ? value : throw WrongType(value, schema.GoType);
            case SchemaKind.Boolean:
                return Is(value, JsonValueKind.True) || Is(value, JsonValueKind.False) ? value : throw WrongType(value, schema.GoType);
            case SchemaKind.Int32:
                return Int32(value, schema.GoType);
            case SchemaKind.Int64:
                return IsNumber(value) && TryInteger(value, out _) ? value : throw WrongNumber(value, schema.GoType);
            case SchemaKind.Double:
                return IsNumber(value) ? value : throw WrongType(value, schema.GoType);
            case SchemaKind.IntOrString:
                return Is(value, JsonValueKind.String) ? value : Int32(value, "int32");
            case SchemaKind.Bytes:
                return Bytes(value, schema.GoType);
            case SchemaKind.Time:
                return Replace(value, Text(value), GoTime.Canonical(Text(value), micro: false));
            case SchemaKind.MicroTime:
                return Replace(value, Text(value), GoTime.Canonical(Text(value), micro: true));
            case SchemaKind.Quantity:
                return Quantity(value);
            default:
                RequireDepth(value, _depth + 1);
                return value;
        }
    }

    /// <summary>
    /// Of a kind without a model: what its schema does not know goes, all else stays as it was written. Of what type it should be, validation says, as upstream's
    /// does for such kinds.
    /// </summary>
    private JsonNode Structural(JsonNode value, Schema schema)
    {
        _depth++;
        switch (schema.Kind, value)
        {
            case (SchemaKind.Object, JsonObject obj):
                Fields(obj, schema);
                break;
            case (SchemaKind.Map, JsonObject map):
                foreach (var (key, entry) in map)
                {
                    _path.Push(key);
                    if (entry is not null) Structural(entry, schema.Element!);
                    _path.Pop();
                }
                break;
            case (SchemaKind.List, JsonArray list):
                for (var i = 0; i < list.Count; i++)
                {
                    _path.Push(i);
                    if (list[i] is { } item) Structural(item, schema.Element!);
                    _path.Pop();
                }
                break;
            default:
                RequireDepth(value, _depth);
                break;
        }
        _depth--;
        return value;
    }

    private JsonObject? Map(JsonNode value, Schema schema)
    {
        if (value is not JsonObject map) throw WrongType(value, schema.GoType);
        _depth++;
        for (var i = 0; i < map.Count; i++)
        {
            var (key, entry) = map.GetAt(i);
            _path.Push(key);
            var kept = entry is null ? Zero(schema.Element!) : Value(entry, schema.Element!) ?? Zero(schema.Element!);
            if (!ReferenceEquals(kept, entry)) map.SetAt(i, kept);
            _path.Pop();
        }
        _depth--;
        return map.Count > 0 ? map : null;
    }

    private JsonArray? List(JsonNode value, Schema schema)
    {
        if (value is not JsonArray list) throw WrongType(value, schema.GoType);
        _depth++;
        for (var i = 0; i < list.Count; i++)
        {
            var item = list[i];
            _path.Push(i);
            var kept = item is null ? Zero(schema.Element!) : Value(item, schema.Element!) ?? Zero(schema.Element!);
            if (!ReferenceEquals(kept, item)) list[i] = kept;
            _path.Pop();
        }
        _depth--;
        return list.Count > 0 ? list : null;
    }

    private JsonNode Int32(JsonNode value, string goType) =>
        IsNumber(value) && TryInteger(value, out var number) && number is >= int.MinValue and <= int.MaxValue ? value : throw WrongNumber(value, goType);

    private JsonNode Bytes(JsonNode value, string goType)
    {
        if (!Is(value, JsonValueKind.String)) throw WrongType(value, goType);
        var text = value.GetValue<string>();
        var plain = text.AsSpan().ContainsAny('\r', '\n')
            ? text.Replace("\r", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal)
            : text;
        if (plain.AsSpan().ContainsAny(' ', '\t') || !Base64.IsValid(plain))
            throw new DecodingException($"illegal base64 data at input byte {FirstIllegal(plain)}");
        return Replace(value, text, plain);
    }

    private static int FirstIllegal(string base64)
    {
        for (var i = 0; i < base64.Length; i++)
            if (!char.IsAsciiLetterOrDigit(base64[i]) && base64[i] is not ('+' or '/')) return i;
        return base64.Length;
    }

    private static JsonNode Quantity(JsonNode value)
    {
        // Upstream takes whatever stands there, quoted or not, and tries to read it as a quantity.
        var text = Is(value, JsonValueKind.String) ? value.GetValue<string>() : value.ToJsonString();
        return Quantities.Quantity.TryParse(text.AsSpan().Trim(), out var quantity, out var error)
            ? Replace(value, Is(value, JsonValueKind.String) ? text : null, quantity.ToString())
            : throw new DecodingException(error);
    }

    private static JsonNode Replace(JsonNode value, string? text, string canonical) => text == canonical ? value : JsonValue.Create(canonical);

    private string Text(JsonNode value) => Is(value, JsonValueKind.String) ? value.GetValue<string>() : throw WrongType(value, "string");

    private static bool Is(JsonNode value, JsonValueKind kind) => value.GetValueKind() == kind;

    private static bool IsNumber(JsonNode value) => Is(value, JsonValueKind.Number);

    private static bool TryInteger(JsonNode value, out long number)
    {
        var scalar = value.AsValue();
        if (scalar.TryGetValue(out number)) return true;
        if (!scalar.TryGetValue(out int small)) return false;
        number = small;
        return true;
    }

    private static void RequireDepth(JsonNode? value, int depth)
    {
        if (value is not null && !JsonTree.Fits(value, depth)) throw new DecodingException("exceeded max depth");
    }

    private static JsonNode? Zero(Schema schema) => schema.Kind switch
    {
        SchemaKind.Object or SchemaKind.Map => new JsonObject(),
        SchemaKind.List => new JsonArray(),
        SchemaKind.String or SchemaKind.Bytes => JsonValue.Create(""),
        SchemaKind.Boolean => JsonValue.Create(false),
        SchemaKind.Quantity => JsonValue.Create("0"),
        SchemaKind.Int32 or SchemaKind.Int64 or SchemaKind.Double or SchemaKind.IntOrString => JsonValue.Create(0),
        _ => null,
    };

    private DecodingException WrongNumber(JsonNode value, string goType) =>
        IsNumber(value) ? WrongType($"number {value.ToJsonString()}", goType) : WrongType(value, goType);

    private DecodingException WrongType(JsonNode value, string goType) => WrongType(TypeMeta.Describe(value), goType);

    private DecodingException WrongType(string what, string goType) =>
        new($"json: cannot unmarshal {what} into Go struct field {_struct}.{string.Join('.', _fields)} of type {goType}");
}
