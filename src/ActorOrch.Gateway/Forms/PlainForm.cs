using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using ActorOrch.Gateway.Answers;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Forms;

/// <summary>Objects as they are stored: the bytes are copied, never encoded again.</summary>
internal sealed class PlainForm : ResponseForm
{
    public static readonly PlainForm Instance = new();

    private static readonly ConcurrentDictionary<ResourceType, byte[]> Headers = new();

    private static readonly ConcurrentDictionary<ResourceType, byte[]> Names = new();

    public override string ContentType => Answer.JsonType;

    public override void WriteObject(IBufferWriter<byte> output, StoredObject obj) => output.Write(obj.Json);

    public override void WriteListStart(IBufferWriter<byte> output, ResourceType type, ListMeta meta)
    {
        output.Write(Headers.GetOrAdd(type, static t => Encoding.UTF8.GetBytes($$"""{"kind":"{{t.Kind}}List","apiVersion":"{{t.ApiVersion}}","metadata":""")));
        meta.WriteTo(output);
        output.Write(",\"items\":["u8);
    }

    public override void WriteItem(IBufferWriter<byte> output, StoredObject obj, bool first)
    {
        if (!first) output.Write(","u8);
        // As upstream: what the items of a built-in kind are, the list says for all.
        var name = Names.GetOrAdd(obj.Type, static t => Encoding.UTF8.GetBytes($$"""{"apiVersion":"{{t.ApiVersion}}","kind":"{{t.Kind}}","""));
        var json = obj.Json.AsSpan();
        if (json.StartsWith(name))
        {
            output.Write("{"u8);
            json = json[name.Length..];
        }
        output.Write(json);
    }
}
