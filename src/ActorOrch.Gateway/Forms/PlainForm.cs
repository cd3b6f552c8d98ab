using System.Buffers;
using System.Text;
using ActorOrch.Gateway.Answers;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Forms;

/// <summary>Objects as they are stored: the bytes are copied, never encoded again.</summary>
/// <param name="namesItems">Whether each item of a list says what it is.</param>
internal sealed class PlainForm(bool namesItems) : ResponseForm
{
    private static readonly PlainForm WithoutNames = new(namesItems: false);

    private static readonly PlainForm WithNames = new(namesItems: true);

    /// <summary>As upstream: of a kind with a model the list says for all its items what they are.</summary>
    public static PlainForm Of(ResourceType type) => type.Model is null ? WithNames : WithoutNames;

    public override string ContentType => Answer.JsonType;

    public override void WriteObject(IBufferWriter<byte> output, StoredObject obj) => output.Write(obj.Json);

    public override void WriteListStart(IBufferWriter<byte> output, ResourceType type, ListMeta meta)
    {
        output.Write(Encoding.UTF8.GetBytes($$"""{"kind":"{{type.ListKind}}","apiVersion":"{{type.ApiVersion}}","metadata":"""));
        meta.WriteTo(output);
        output.Write(",\"items\":["u8);
    }

    public override void WriteItem(IBufferWriter<byte> output, StoredObject obj, bool first)
    {
        if (!first) output.Write(","u8);
        var json = obj.Json.AsSpan();
        if (!namesItems && NameLength(json) is > 0 and var length)
        {
            output.Write("{"u8);
            json = json[length..];
        }
        output.Write(json);
    }

    /// <summary>
    /// How long the beginning of an object is that says its apiVersion and its kind; 0 where it does not begin so.
    /// </summary>
    private static int NameLength(ReadOnlySpan<byte> json)
    {
        var start = "{\"apiVersion\":\""u8;
        var middle = "\",\"kind\":\""u8;
        if (!json.StartsWith(start)) return 0;
        // Neither has a character that JSON would escape.
        var version = json[start.Length..].IndexOf((byte)'"');
        if (version < 0 || !json[(start.Length + version)..].StartsWith(middle)) return 0;
        var kindStart = start.Length + version + middle.Length;
        var kind = json[kindStart..].IndexOf((byte)'"');
        var end = kindStart + kind + 1;
        return kind >= 0 && end < json.Length && json[end] == ',' ? end + 1 : 0;
    }
}
