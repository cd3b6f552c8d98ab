using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;

namespace ActorOrch.Resources;

/// <summary>One message to one JSON object, by the schema for the types and <see cref="FieldNumbers"/> for the names.</summary>
internal sealed class ProtobufMessage
{
    private const int MostDepth = 64;

    private int _depth;

    public JsonObject Read(byte[] bytes, Schema schema)
    {
        var obj = new JsonObject();
        ReadInto(obj, bytes, schema, Numbers(schema));
        return obj;
    }

    private static FrozenDictionary<int, NumberedField> Numbers(Schema schema) =>
        (schema.Model is { } model ? FieldNumbers.Of(model.Name) : null) ?? FieldNumbers.Of(schema.Name)
        ?? throw new DecodingException($"{schema.GoType} is not read as protobuf here; send it as JSON");

    private void ReadInto(JsonObject obj, byte[] bytes, Schema schema, FrozenDictionary<int, NumberedField> numbers)
    {
        if (++_depth > MostDepth) throw new DecodingException("proto: the message is nested too deep");
        var input = new CodedInputStream(bytes);
        while (input.ReadTag() is var tag and not 0)
        {
            if (!numbers.TryGetValue(WireFormat.GetTagFieldNumber(tag), out var field))
                input.SkipLastField();
            else if (field.IsInline)
                ReadInto(obj, input.ReadBytes().ToByteArray(), schema,
                    FieldNumbers.Of(field.Name) ?? throw new DecodingException($"{field.Name} is not read as protobuf here; send it as JSON"));
            else if (!schema.TryGetField(field.Name, out var known))
                input.SkipLastField();
            else
                ReadField(obj, input, tag, field, known.Type);
        }
        _depth--;
    }

    private void ReadField(JsonObject obj, CodedInputStream input, uint tag, NumberedField field, Schema type)
    {
        switch (type.Kind)
        {
            case SchemaKind.List:
                if (obj[field.Name] is not JsonArray list) obj[field.Name] = list = [];
                ReadElements(list, input, tag, type.Element!);
                break;
            case SchemaKind.Map:
                if (obj[field.Name] is not JsonObject map) obj[field.Name] = map = [];
                ReadEntry(map, input, type.Element!);
                break;
            default:
                var value = ReadValue(input, tag, type);
                // Go writes fields that were left out as their zero; JSON leaves them out.
                if (value is not null && (field.IsPointer || !IsZero(value))) obj[field.Name] = value;
                break;
        }
    }

    private void ReadElements(JsonArray list, CodedInputStream input, uint tag, Schema element)
    {
        var isPacked = element.Kind is SchemaKind.Int32 or SchemaKind.Int64 or SchemaKind.Boolean
            && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited;
        if (!isPacked)
        {
            list.Add(ReadValue(input, tag, element));
            return;
        }
        var packed = new CodedInputStream(input.ReadBytes().ToByteArray());
        while (!packed.IsAtEnd) list.Add(ReadValue(packed, WireFormat.MakeTag(1, WireFormat.WireType.Varint), element));
    }

    private void ReadEntry(JsonObject map, CodedInputStream input, Schema element)
    {
        var entry = new CodedInputStream(input.ReadBytes().ToByteArray());
        var key = "";
        JsonNode? value = null;
        while (entry.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1:
                    key = entry.ReadString();
                    break;
                case 2:
                    value = ReadValue(entry, tag, element);
                    break;
                default:
                    entry.SkipLastField();
                    break;
            }
        }
        map[key] = value ?? (element.Kind is SchemaKind.String or SchemaKind.Bytes ? "" : null);
    }

    private JsonNode? ReadValue(CodedInputStream input, uint tag, Schema type)
    {
        var isVarint = WireFormat.GetTagWireType(tag) == WireFormat.WireType.Varint;
        var wantsVarint = type.Kind is SchemaKind.Boolean or SchemaKind.Int32 or SchemaKind.Int64;
        var isFixed64 = WireFormat.GetTagWireType(tag) == WireFormat.WireType.Fixed64;
        if (isVarint != wantsVarint || isFixed64 != (type.Kind == SchemaKind.Double))
            throw new DecodingException($"proto: wrong wireType for a field of type {type.GoType}");
        switch (type.Kind)
        {
            case SchemaKind.String:
                return input.ReadString();
            case SchemaKind.Boolean:
                return input.ReadBool();
            case SchemaKind.Int32:
                return input.ReadInt32();
            case SchemaKind.Int64:
                return input.ReadInt64();
            case SchemaKind.Double:
                return input.ReadDouble();
            case SchemaKind.Bytes:
                return Convert.ToBase64String(input.ReadBytes().Span);
            case SchemaKind.Time:
                return ReadTime(input, "yyyy-MM-dd'T'HH:mm:ss'Z'");
            case SchemaKind.MicroTime:
                return ReadTime(input, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'");
            case SchemaKind.Quantity:
                return ReadSingle(input, i => i.ReadString()) ?? "0";
            case SchemaKind.IntOrString:
                return ReadIntOrString(input);
            case SchemaKind.Any:
                return ReadSingle(input, i => i.ReadBytes()) is { Length: > 0 } raw ? ParseRaw(raw) : null;
            default:
                var obj = new JsonObject();
                ReadInto(obj, input.ReadBytes().ToByteArray(), type, Numbers(type));
                return obj;
        }
    }

    private static JsonNode? ParseRaw(ByteString raw)
    {
        try
        {
            return JsonNode.Parse(raw.Span);
        }
        catch (System.Text.Json.JsonException malformed)
        {
            throw new DecodingException(malformed.Message);
        }
    }

    private static bool IsZero(JsonNode value) => value switch
    {
        JsonValue scalar => (scalar.TryGetValue<string>(out var text) && text.Length == 0)
            || (scalar.TryGetValue<bool>(out var flag) && !flag)
            || (scalar.TryGetValue<int>(out var number) && number == 0)
            || (scalar.TryGetValue<long>(out var large) && large == 0),
        _ => false,
    };

    /// <summary>The value of field 1 of a message that has no other: <c>Quantity</c>, <c>RawExtension</c>.</summary>
    private static T? ReadSingle<T>(CodedInputStream input, Func<CodedInputStream, T> read) where T : class
    {
        var message = new CodedInputStream(input.ReadBytes().ToByteArray());
        T? value = null;
        while (message.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == 1) value = read(message);
            else message.SkipLastField();
        }
        return value;
    }

    private static JsonNode? ReadTime(CodedInputStream input, string format)
    {
        var message = new CodedInputStream(input.ReadBytes().ToByteArray());
        long? seconds = null;
        var nanos = 0;
        while (message.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1:
                    seconds = message.ReadInt64();
                    break;
                case 2:
                    nanos = message.ReadInt32();
                    break;
                default:
                    message.SkipLastField();
                    break;
            }
        }
        if (seconds is not { } since) return null;
        // Go's zero time, year 1, means none.
        if (since < DateTimeOffset.MinValue.ToUnixTimeSeconds() || since > DateTimeOffset.MaxValue.ToUnixTimeSeconds() || nanos is < 0 or > 999_999_999)
            throw new DecodingException("proto: a time is out of range");
        if (since == DateTimeOffset.MinValue.ToUnixTimeSeconds()) return null;
        return DateTimeOffset.FromUnixTimeSeconds(since).AddTicks(nanos / 100).UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
    }

    private static JsonNode ReadIntOrString(CodedInputStream input)
    {
        var message = new CodedInputStream(input.ReadBytes().ToByteArray());
        var (isText, number, text) = (false, 0, "");
        while (message.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1:
                    isText = message.ReadInt64() == 1;
                    break;
                case 2:
                    number = message.ReadInt32();
                    break;
                case 3:
                    text = message.ReadString();
                    break;
                default:
                    message.SkipLastField();
                    break;
            }
        }
        return isText ? JsonValue.Create(text) : JsonValue.Create(number);
    }
}
