using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.FieldOwnership;

/// <summary>
/// The entry of the creator of an object, who owns all that it has: what <see cref="OwnershipUpdate"/> makes of an object that was not there, written
/// in one pass over the document. Most objects are created once and have no other owner than their controller.
/// </summary>
public static class CreatedFields
{
    private const int LongestOnStack = 128;

    private const int MostScratch = 64 * 1024;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>What this thread encodes with.</summary>
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _scratch;

    /// <summary>As <c>metadata.managedFields</c> has it, in UTF-8; null where there is nothing to own.</summary>
    /// <param name="document">In the version that the writer's fields are named in.</param>
    /// <param name="ignored">What nobody owns, and what is below that.</param>
    public static byte[]? Encode(JsonObject document, Schema schema, FieldSet ignored, ManagerKey writer, string apiVersion, string time)
    {
        var (buffer, json) = _scratch ??= NewScratch();
        try
        {
            json.WriteStartArray();
            FieldManagers.BeginEntry(json, writer, apiVersion, time);
            var any = WriteRoot(json, document, FieldType.Root(schema), ignored);
            FieldManagers.EndEntry(json, writer);
            json.WriteEndArray();
            json.Flush();
            return any ? buffer.WrittenSpan.ToArray() : null;
        }
        finally
        {
            // What a large object took is not kept.
            if (buffer.Capacity > MostScratch) _scratch = null;
            json.Reset();
            buffer.ResetWrittenCount();
        }
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) NewScratch()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        return (buffer, new(buffer, Compact));
    }

    private static bool IsType(string name) => name is "apiVersion" or "kind";

    /// <summary>Whether there is anything to own.</summary>
    private static bool WriteRoot(Utf8JsonWriter json, JsonObject document, FieldType root, FieldSet ignored)
    {
        var any = false;
        json.WriteStartObject();
        foreach (var (name, value) in InOrder(document))
        {
            if (IsType(name) || Hides(ignored, name, out var below)) continue;
            if (name != "metadata")
            {
                any |= WriteField(json, name, value, root[name], below, isThere: true);
            }
            else if (value is JsonObject metadata && AnyField(metadata, root[name], FieldChanges.UnownedMetadata, below, isThere: true))
            {
                any = true;
                json.WriteStartObject("f:metadata");
                WriteFields(json, metadata, root[name], FieldChanges.UnownedMetadata, below, isThere: true);
                json.WriteEndObject();
            }
        }
        json.WriteEndObject();
        return any;
    }

    /// <summary>Whether it is owned.</summary>
    private static bool WriteField(Utf8JsonWriter json, string name, JsonNode? value, FieldType type, FieldSet ignored, bool isThere)
    {
        if (!IsOwned(value, type, ignored, isThere)) return false;
        Span<char> step = name.Length <= LongestOnStack ? stackalloc char[name.Length + 2] : new char[name.Length + 2];
        "f:".CopyTo(step);
        name.CopyTo(step[2..]);
        json.WritePropertyName(step);
        WriteValue(json, value!, type, ignored, isThere);
        return true;
    }

    /// <param name="isThere">Whether what is around it is not new, so that what is always there is not either.</param>
    private static void WriteValue(Utf8JsonWriter json, JsonNode value, FieldType type, FieldSet ignored, bool isThere)
    {
        json.WriteStartObject();
        var granularity = type.Of(null, value);
        if (granularity != Granularity.Whole)
        {
            var isNew = !(isThere && type.AlwaysThere);
            if (value is JsonObject fields && AnyField(fields, type, null, ignored, !isNew))
            {
                if (isNew) WriteSelf(json);
                WriteFields(json, fields, type, null, ignored, !isNew);
            }
            else if (value is JsonArray { Count: > 0 } items)
            {
                WriteItems(json, items, type, granularity, ignored, isNew);
            }
        }
        json.WriteEndObject();
    }

    private static void WriteSelf(Utf8JsonWriter json)
    {
        json.WriteStartObject(PathElement.Self);
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, JsonObject fields, FieldType type, HashSet<string>? none, FieldSet ignored, bool isThere)
    {
        foreach (var (name, value) in InOrder(fields))
            if (none?.Contains(name) != true && !Hides(ignored, name, out var below)) WriteField(json, name, value, type[name], below, isThere);
    }

    private static void WriteItems(Utf8JsonWriter json, JsonArray items, FieldType type, Granularity granularity, FieldSet ignored, bool isNew)
    {
        // What stands twice is owned as one, and null stands for it.
        var byStep = new Dictionary<string, JsonNode?>(items.Count, StringComparer.Ordinal);
        var twice = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var step = type.StepTo(item, granularity);
            if (!byStep.TryAdd(step, item)) twice.Add(step);
        }
        var isFirst = true;
        foreach (var step in byStep.Count < 2 ? (IReadOnlyCollection<string>)byStep.Keys : PathElement.InOrder(byStep.Keys))
        {
            if (ignored.Has(step)) continue;
            var (item, isOne) = (byStep[step], !twice.Contains(step));
            if (isOne && !IsOwned(item, type.Element, ignored.Below(step), isThere: false)) continue;
            if (isFirst && isNew) WriteSelf(json);
            isFirst = false;
            json.WritePropertyName(step);
            if (isOne)
            {
                WriteValue(json, item!, type.Element, ignored.Below(step), isThere: false);
                continue;
            }
            json.WriteStartObject();
            json.WriteEndObject();
        }
    }

    private static bool IsOwned(JsonNode? value, FieldType type, FieldSet ignored, bool isThere)
    {
        if (value is null) return false;
        if (!isThere || !type.AlwaysThere) return true;
        return type.Of(null, value) switch
        {
            Granularity.Whole => true,
            Granularity.Fields => AnyField((JsonObject)value, type, null, ignored, isThere: true),
            var granularity => AnyItem((JsonArray)value, type, granularity, ignored),
        };
    }

    private static bool AnyField(JsonObject? fields, FieldType type, HashSet<string>? none, FieldSet ignored, bool isThere)
    {
        for (var i = 0; i < fields?.Count; i++)
        {
            var (name, value) = fields.GetAt(i);
            if (value is null || none?.Contains(name) == true || Hides(ignored, name, out var below)) continue;
            if (IsOwned(value, type[name], below, isThere)) return true;
        }
        return false;
    }

    private static bool AnyItem(JsonArray items, FieldType type, Granularity granularity, FieldSet ignored) =>
        items.Any(item => item is not null && (ignored.IsEmpty || !ignored.Has(type.StepTo(item, granularity))));

    private static bool Hides(FieldSet ignored, string name, out FieldSet below)
    {
        below = FieldSet.Empty;
        if (ignored.IsEmpty) return false;
        var step = PathElement.Field(name);
        below = ignored.Below(step);
        return ignored.Has(step);
    }

    private static KeyValuePair<string, JsonNode?>[] InOrder(JsonObject fields)
    {
        var result = new KeyValuePair<string, JsonNode?>[fields.Count];
        for (var i = 0; i < result.Length; i++) result[i] = fields.GetAt(i);
        if (result.Length > 1) Array.Sort(result, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return result;
    }
}
