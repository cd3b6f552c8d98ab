using System.Buffers;
using System.Text;
using System.Text.Json;
using ActorOrch.Gateway.Answers;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Versions;

namespace ActorOrch.Gateway.Forms;

/// <summary>What goes into a table's rows besides the cells.</summary>
internal enum IncludeObject
{
    None,
    Metadata,
    Object,
}

/// <summary><c>meta.k8s.io Table</c>: what <c>kubectl get</c> prints. The cells are made of what is stored, whichever version was asked for.</summary>
/// <param name="version"><c>v1</c> or <c>v1beta1</c>.</param>
/// <param name="now">The time that ages are counted to.</param>
internal sealed class TableForm(ResourceType type, string version, IncludeObject include, TimeProvider now) : ResponseForm
{
    private readonly MetadataForm _metadata = new(version, list: false);

    public override string ContentType { get; } = $"application/json;as=Table;g=meta.k8s.io;v={version}";

    public override void WriteObject(IBufferWriter<byte> output, StoredObject obj) => WriteTable(output, obj, columns: true);

    public override void WriteEvent(IBufferWriter<byte> output, StoredObject obj, bool first) => WriteTable(output, obj, columns: first);

    // A row without cells: the columns' functions expect objects that exist.
    public override void WriteBookmark(IBufferWriter<byte> output, StoredObject bookmark)
    {
        WriteStart(output, new(bookmark.Revision, null, null), columns: false);
        output.Write("{\"cells\":[],\"object\":"u8);
        _metadata.WriteObject(output, bookmark);
        output.Write("}]}"u8);
    }

    public override void WriteListStart(IBufferWriter<byte> output, ResourceType type, ListMeta meta) =>
        WriteStart(output, meta, columns: true);

    public override void WriteItem(IBufferWriter<byte> output, StoredObject obj, bool first)
    {
        if (!first) output.Write(","u8);
        output.Write("{\"cells\":"u8);
        WriteCells(output, type.Storage.FromStorage(obj));
        switch (include)
        {
            case IncludeObject.Metadata:
                output.Write(",\"object\":"u8);
                _metadata.WriteObject(output, type.FromStorage(obj));
                break;
            case IncludeObject.Object:
                output.Write(",\"object\":"u8);
                output.Write(type.FromStorage(obj).Json);
                break;
            case IncludeObject.None:
            default:
                break;
        }
        output.Write("}"u8);
    }

    private void WriteTable(IBufferWriter<byte> output, StoredObject obj, bool columns)
    {
        WriteStart(output, new(obj.Revision, null, null), columns);
        WriteItem(output, obj, first: true);
        output.Write("]}"u8);
    }

    private void WriteStart(IBufferWriter<byte> output, ListMeta meta, bool columns)
    {
        output.Write(Encoding.UTF8.GetBytes($$"""{"kind":"Table","apiVersion":"meta.k8s.io/{{version}}","metadata":"""));
        meta.WriteTo(output);
        output.Write(",\"columnDefinitions\":"u8);
        if (columns) WriteColumns(output);
        else output.Write("[]"u8);
        output.Write(",\"rows\":["u8);
    }

    private void WriteColumns(IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, JsonWriting.Writer);
        writer.WriteStartArray();
        foreach (var column in type.Columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name", column.Name);
            writer.WriteString("type", column.Type);
            writer.WriteString("format", column.Format);
            writer.WriteString("description", column.Description);
            writer.WriteNumber("priority", column.Priority);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private void WriteCells(IBufferWriter<byte> output, StoredObject obj)
    {
        var time = now.GetUtcNow();
        using var writer = new Utf8JsonWriter(output, JsonWriting.Writer);
        writer.WriteStartArray();
        foreach (var column in type.Columns)
        {
            switch (column.Cell(obj, time))
            {
                case null: writer.WriteNullValue(); break;
                case string text: writer.WriteStringValue(text); break;
                case bool flag: writer.WriteBooleanValue(flag); break;
                case IFormattable number: writer.WriteRawValue(number.ToString(null, System.Globalization.CultureInfo.InvariantCulture)); break;
                case var other: throw new InvalidOperationException($"column {column.Name} of {type} has a cell of type {other.GetType()}");
            }
        }
        writer.WriteEndArray();
    }
}
