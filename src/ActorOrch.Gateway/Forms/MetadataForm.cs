using System.Buffers;
using System.Text;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Forms;

/// <summary><c>PartialObjectMetadata</c>: the metadata of objects, for clients that act on nothing else.</summary>
/// <param name="version">Of <c>meta.k8s.io</c>: <c>v1</c> or <c>v1beta1</c>.</param>
/// <param name="list">Whether the client named the list's kind.</param>
internal sealed class MetadataForm(string version, bool list) : ResponseForm
{
    private readonly byte[] _objectStart = Encoding.UTF8.GetBytes(
        $$"""{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/{{version}}","metadata":""");

    private readonly byte[] _listStart = Encoding.UTF8.GetBytes(
        $$"""{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/{{version}}","metadata":""");

    public override string ContentType { get; } =
        $"application/json;as=PartialObjectMetadata{(list ? "List" : "")};g=meta.k8s.io;v={version}";

    public override void WriteObject(IBufferWriter<byte> output, StoredObject obj)
    {
        output.Write(_objectStart);
        output.Write(StoredJson.Metadata(obj.Json));
        output.Write("}"u8);
    }

    public override void WriteListStart(IBufferWriter<byte> output, ResourceType type, ListMeta meta)
    {
        output.Write(_listStart);
        meta.WriteTo(output);
        output.Write(",\"items\":["u8);
    }

    public override void WriteItem(IBufferWriter<byte> output, StoredObject obj, bool first)
    {
        if (!first) output.Write(","u8);
        WriteObject(output, obj);
    }
}
