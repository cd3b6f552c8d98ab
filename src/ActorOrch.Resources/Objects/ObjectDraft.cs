using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Objects;

/// <summary>
/// An object encoded for writing, all but its revision: <c>metadata.resourceVersion</c> is an empty string at
/// <see cref="RevisionOffset"/>, and the collection splices the revision in when it commits, so that an object is encoded once.
/// </summary>
public sealed class ObjectDraft
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private const int MostScratch = 64 * 1024;

    /// <summary>What this thread encodes with.</summary>
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _scratch;

    private ObjectDraft(ObjectKey key, byte[] json, int revisionOffset)
    {
        Key = key;
        Json = json;
        RevisionOffset = revisionOffset;
    }

    public ObjectKey Key { get; }

    /// <summary>UTF-8 JSON with an empty resourceVersion.</summary>
    public byte[] Json { get; }

    /// <summary>Where the digits of the revision go: the offset of the byte behind the opening quote.</summary>
    public int RevisionOffset { get; }

    /// <summary>A draft that was encoded in another process: the three values of that draft.</summary>
    public static ObjectDraft FromEncoded(ObjectKey key, byte[] json, int revisionOffset) => new(key, json, revisionOffset);

    /// <summary>Encodes an object: apiVersion, kind and metadata first, then the rest in the object's own order.</summary>
    /// <param name="managedFields">In UTF-8, in place of those in the document.</param>
    public static ObjectDraft Encode(JsonObject obj, byte[]? managedFields = null)
    {
        var metadata = obj["metadata"]!.AsObject();
        var (buffer, writer) = _scratch ??= NewScratch();
        int offset;
        try
        {
            writer.WriteStartObject();
            WriteProperty(writer, "apiVersion", obj["apiVersion"]);
            WriteProperty(writer, "kind", obj["kind"]);
            writer.WriteStartObject("metadata");
            foreach (var (name, value) in metadata)
            {
                if (name is "resourceVersion" || value is null || (managedFields is not null && name is "managedFields")) continue;
                WriteProperty(writer, name, value);
            }
            if (managedFields is not null)
            {
                writer.WritePropertyName("managedFields");
                writer.WriteRawValue(managedFields, skipInputValidation: true);
            }
            writer.WriteString("resourceVersion", "");
            offset = checked((int)(writer.BytesCommitted + writer.BytesPending)) - 1;
            writer.WriteEndObject();
            foreach (var (name, value) in obj)
            {
                if (name is "apiVersion" or "kind" or "metadata" || value is null) continue;
                WriteProperty(writer, name, value);
            }
            writer.WriteEndObject();
            writer.Flush();
            var key = new ObjectKey(metadata["namespace"]?.GetValue<string>() ?? "", metadata["name"]!.GetValue<string>());
            return new(key, buffer.WrittenSpan.ToArray(), offset);
        }
        finally
        {
            // What a large object took is not kept.
            if (buffer.Capacity > MostScratch) _scratch = null;
            writer.Reset();
            buffer.ResetWrittenCount();
        }
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) NewScratch()
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        return (buffer, new(buffer, Compact));
    }

    /// <summary>The bytes of the object at <paramref name="revision"/>.</summary>
    public byte[] AtRevision(long revision)
    {
        Span<byte> digits = stackalloc byte[20];
        revision.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        var json = new byte[Json.Length + length];
        Json.AsSpan(0, RevisionOffset).CopyTo(json);
        digits[..length].CopyTo(json.AsSpan(RevisionOffset));
        Json.AsSpan(RevisionOffset).CopyTo(json.AsSpan(RevisionOffset + length));
        return json;
    }

    /// <summary>The bytes of an object that is in no collection: it has no <c>resourceVersion</c>.</summary>
    public byte[] WithoutRevision()
    {
        // The last of metadata, behind the name at least.
        var start = RevisionOffset - ",\"resourceVersion\":\""u8.Length;
        return [.. Json.AsSpan(0, start), .. Json.AsSpan(RevisionOffset + 1)];
    }

    private static void WriteProperty(Utf8JsonWriter writer, string name, JsonNode? value)
    {
        if (value is null) return;
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }

    public override string ToString() => Encoding.UTF8.GetString(Json);
}
