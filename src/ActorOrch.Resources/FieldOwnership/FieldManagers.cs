using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Kinds;

namespace ActorOrch.Resources.FieldOwnership;

/// <summary>Who owns which fields of an object: <c>metadata.managedFields</c>. Immutable.</summary>
public sealed class FieldManagers
{
    public static readonly FieldManagers None = new([]);

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly IReadOnlyList<FieldManager> _entries;

    private FieldManagers(IReadOnlyList<FieldManager> entries) => _entries = entries;

    public IReadOnlyList<FieldManager> Entries => _entries;

    public bool IsEmpty => _entries.Count == 0;

    public FieldManager? Find(ManagerKey key) => _entries.FirstOrDefault(e => e.Key == key);

    /// <summary>Of several with one key the last counts; those without fields are left out.</summary>
    public static FieldManagers Of(IEnumerable<FieldManager> entries)
    {
        var byKey = new Dictionary<ManagerKey, FieldManager>();
        foreach (var entry in entries) byKey[entry.Key] = entry;
        var kept = byKey.Values.Where(e => !e.Fields.IsEmpty).ToArray();
        Array.Sort(kept, Compare);
        return new(kept);
    }

    /// <summary>
    /// Reads the entries; false where one of them is none: its operation is neither Apply nor Update, it has no version, no set of fields.
    /// </summary>
    public static bool TryRead(JsonNode? managedFields, out FieldManagers managers)
    {
        managers = None;
        if (managedFields is null) return true;
        if (managedFields is not JsonArray array) return false;
        var entries = new List<FieldManager>(array.Count);
        try
        {
            foreach (var item in array)
            {
                if (item is not JsonObject entry || Read(entry) is not { } manager) return false;
                entries.Add(manager);
            }
        }
        catch (FormatException)
        {
            return false;
        }
        managers = Of(entries);
        return true;
    }

    private static FieldManager? Read(JsonObject entry)
    {
        var operation = entry.Text("operation") switch
        {
            "Apply" => OwnershipOperation.Apply,
            "Update" => OwnershipOperation.Update,
            _ => (OwnershipOperation?)null,
        };
        var version = entry.Text("apiVersion");
        if (operation is null || version.Length == 0 || entry.Text("fieldsType") != "FieldsV1") return null;
        var key = new ManagerKey(entry.Text("manager"), operation.Value, operation == OwnershipOperation.Apply ? "" : version, entry.Text("subresource"));
        var time = entry.Text("time");
        return new(key, version, time.Length > 0 ? time : null, entry["fieldsV1"] is { } fields ? FieldSet.Read(fields) : FieldSet.Empty);
    }

    /// <summary>As <c>metadata.managedFields</c> has it; null where nobody owns anything.</summary>
    public JsonNode? ToJson() => Encode() is { } json ? JsonNode.Parse(json) : null;

    /// <summary>As <see cref="ToJson"/>, in UTF-8.</summary>
    public byte[]? Encode()
    {
        if (IsEmpty) return null;
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Compact)) Write(writer);
        return buffer.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var entry in _entries)
        {
            BeginEntry(writer, entry.Key, entry.ApiVersion, entry.Time);
            entry.Fields.Write(writer);
            EndEntry(writer, entry.Key);
        }
        writer.WriteEndArray();
    }

    /// <summary>Up to what <c>fieldsV1</c> holds, which is to be written next, before <see cref="EndEntry"/>.</summary>
    internal static void BeginEntry(Utf8JsonWriter writer, ManagerKey key, string apiVersion, string? time)
    {
        writer.WriteStartObject();
        if (key.Manager.Length > 0) writer.WriteString("manager", key.Manager);
        writer.WriteString("operation", key.Operation == OwnershipOperation.Apply ? "Apply" : "Update");
        writer.WriteString("apiVersion", apiVersion);
        if (time is not null) writer.WriteString("time", time);
        writer.WriteString("fieldsType", "FieldsV1");
        writer.WritePropertyName("fieldsV1");
    }

    internal static void EndEntry(Utf8JsonWriter writer, ManagerKey key)
    {
        if (key.Subresource.Length > 0) writer.WriteString("subresource", key.Subresource);
        writer.WriteEndObject();
    }

    /// <summary>Those who apply before those who update, each by time, then by name.</summary>
    internal static int Compare(FieldManager left, FieldManager right)
    {
        var order = left.Key.Operation.CompareTo(right.Key.Operation);
        // Times are written to the second and in UTC, so that their text has their order.
        if (order == 0) order = string.CompareOrdinal(left.Time, right.Time);
        if (order == 0) order = string.CompareOrdinal(left.Key.Manager, right.Key.Manager);
        if (order == 0) order = string.CompareOrdinal(left.ApiVersion, right.ApiVersion);
        return order != 0 ? order : string.CompareOrdinal(left.Key.Subresource, right.Key.Subresource);
    }

    /// <summary>Whether two lists of entries say the same of who owns what, whenever that was.</summary>
    public bool OwnsTheSame(FieldManagers other)
    {
        if (_entries.Count != other._entries.Count) return false;
        var theirs = other._entries.ToDictionary(e => e.Key);
        return _entries.All(e => theirs.TryGetValue(e.Key, out var same) && same.ApiVersion == e.ApiVersion && same.Fields.SetEquals(e.Fields));
    }
}
