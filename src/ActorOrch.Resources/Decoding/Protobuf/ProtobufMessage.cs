using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Schemas;
using ActorOrch.Resources.Timing;

namespace ActorOrch.Resources.Decoding.Protobuf;

/// <summary>One message to one JSON object, by the schema for the types and <see cref="FieldNumbers"/> for the names.</summary>
internal static class ProtobufMessage
{
    /// <summary>Throws <see cref="DecodingException"/> for what is malformed, and for a kind whose numbers are not known.</summary>
    public static JsonObject Read(byte[] bytes, Schema schema) => Read(new ProtobufFields(bytes, new()), schema);

    private static JsonObject Read(ProtobufFields fields, Schema schema)
    {
        var obj = new JsonObject();
        ReadInto(obj, fields, schema, Numbers(schema));
        return obj;
    }

    private static FrozenDictionary<int, NumberedField> Numbers(Schema schema) =>
        FieldNumbers.Of(schema) ?? throw new DecodingException($"{schema.GoType} is not read as protobuf here; send it as JSON");

    private static void ReadInto(JsonObject obj, ProtobufFields fields, Schema schema, FrozenDictionary<int, NumberedField> numbers)
    {
        while (fields.Next())
        {
            if (!numbers.TryGetValue(fields.Number, out var field))
                fields.Skip();
            else if (field.IsInline)
                ReadInto(obj, fields.Message(), schema, FieldNumbers.OfInlined(field.Name));
            else if (schema.TryGetField(field.Name, out var known))
                ReadField(obj, fields, field, known.Type);
            else
                fields.Skip();
        }
    }

    private static void ReadField(JsonObject obj, ProtobufFields fields, NumberedField field, Schema type)
    {
        switch (type.Kind)
        {
            case SchemaKind.List:
                if (obj[field.Name] is not JsonArray list) obj[field.Name] = list = [];
                ReadElements(list, fields, type.Element!);
                break;
            case SchemaKind.Map:
                if (obj[field.Name] is not JsonObject map) obj[field.Name] = map = [];
                ReadEntry(map, fields.Message(), type.Element!);
                break;
            default:
                var value = ReadValue(fields, type);
                // Go writes the fields that were left out too, as their zero.
                if (value is not null && (field.KeepsZero || !IsZero(value, type.Kind))) obj[field.Name] = value;
                break;
        }
    }

    private static void ReadElements(JsonArray list, ProtobufFields fields, Schema element)
    {
        if (element.Kind is not (SchemaKind.Int32 or SchemaKind.Int64) || !fields.IsDelimited)
        {
            list.Add(ReadValue(fields, element));
            return;
        }
        var packed = fields.Message();
        while (!packed.IsAtEnd) list.Add(JsonNumber.Of(packed.Packed()));
    }

    private static void ReadEntry(JsonObject map, ProtobufFields entry, Schema element)
    {
        var key = "";
        JsonNode? value = null;
        while (entry.Next())
        {
            switch (entry.Number)
            {
                case 1:
                    key = entry.Text();
                    break;
                case 2:
                    value = ReadValue(entry, element);
                    break;
                default:
                    entry.Skip();
                    break;
            }
        }
        map[key] = value;
    }

    private static JsonNode? ReadValue(ProtobufFields fields, Schema type) => type.Kind switch
    {
        SchemaKind.String => fields.Text(),
        SchemaKind.Boolean => fields.Integer() != 0,
        SchemaKind.Int32 => JsonNumber.Of((int)fields.Integer()),
        SchemaKind.Int64 => JsonNumber.Of(fields.Integer()),
        SchemaKind.Double => Double(fields.Double()),
        SchemaKind.Bytes => Convert.ToBase64String(fields.Bytes()),
        SchemaKind.Time => ReadTime(fields.Message(), "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        SchemaKind.MicroTime => ReadTime(fields.Message(), "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
        SchemaKind.Quantity => ReadQuantity(fields.Message()),
        SchemaKind.IntOrString => ReadIntOrString(fields.Message()),
        SchemaKind.Any => ReadRaw(fields.Message()),
        SchemaKind.List => ReadItems(fields.Message(), type.Element!),
        SchemaKind.Object => Read(fields.Message(), type),
        _ => throw new DecodingException($"{type.GoType} is not read as protobuf here; send it as JSON"),
    };

    private static bool IsZero(JsonNode value, SchemaKind kind) => kind switch
    {
        SchemaKind.String or SchemaKind.Bytes => value.GetValue<string>().Length == 0,
        SchemaKind.Boolean => !value.GetValue<bool>(),
        SchemaKind.Int32 or SchemaKind.Int64 => value.GetValue<long>() == 0,
        _ => false,
    };

    private static JsonNode Double(double value) => double.IsFinite(value)
        ? JsonNumber.Of(value.ToString("R", CultureInfo.InvariantCulture))
        : throw new DecodingException($"json: unsupported value: {value.ToString(CultureInfo.InvariantCulture)}");

    // A list as a value of a map is a message of its own: protobuf has no maps of lists.
    private static JsonArray ReadItems(ProtobufFields fields, Schema element)
    {
        var items = new JsonArray();
        while (fields.Next())
        {
            if (fields.Number == 1) ReadElements(items, fields, element);
            else fields.Skip();
        }
        return items;
    }

    private static JsonNode ReadQuantity(ProtobufFields fields)
    {
        var text = "";
        while (fields.Next())
        {
            if (fields.Number == 1) text = fields.Text();
            else fields.Skip();
        }
        return text.Length > 0 ? text : "0";
    }

    private static JsonNode? ReadRaw(ProtobufFields fields)
    {
        byte[] raw = [];
        while (fields.Next())
        {
            if (fields.Number == 1) raw = fields.Bytes();
            else fields.Skip();
        }
        return raw.Length > 0 ? JsonTree.Parse(raw, new StrictErrorList(), fields.Count) : null;
    }

    private static string? ReadTime(ProtobufFields fields, string format)
    {
        var (seconds, nanos, isGiven) = (0L, 0L, false);
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case 1:
                    (seconds, isGiven) = (fields.Integer(), true);
                    break;
                case 2:
                    (nanos, isGiven) = (fields.Integer(), true);
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        var none = DateTimeOffset.MinValue.ToUnixTimeSeconds();
        // Go's zero time, year 1, means none.
        if (!isGiven || seconds == none) return null;
        if (seconds < none || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds() || nanos is < 0 or > 999_999_999)
            throw new DecodingException("proto: a time is out of range");
        return DateTimeOffset.FromUnixTimeSeconds(seconds).After(new TimeSpan(nanos / TimeSpan.NanosecondsPerTick)).UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
    }

    private static JsonNode ReadIntOrString(ProtobufFields fields)
    {
        var (isText, number, text) = (false, 0, "");
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case 1:
                    isText = fields.Integer() == 1;
                    break;
                case 2:
                    number = (int)fields.Integer();
                    break;
                case 3:
                    text = fields.Text();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return isText ? text : JsonNumber.Of(number);
    }
}
