using System.Text.Json.Nodes;
using Google.Protobuf;

namespace ActorOrch.Resources;

/// <summary>
/// Reads what clients send as <c>application/vnd.kubernetes.protobuf</c>: the magic bytes <c>k8s\0</c>, a <c>runtime.Unknown</c> that
/// names the kind, in it the object's message. The result is the document that the same object is in JSON.
/// </summary>
internal static class ProtobufTree
{
    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>Throws <see cref="DecodingException"/> for anything that is not such a message of the schema's kind.</summary>
    public static JsonObject Parse(ReadOnlyMemory<byte> body, Schema schema)
    {
        if (!body.Span.StartsWith(Magic)) throw new DecodingException("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        try
        {
            var (apiVersion, kind, raw) = ReadEnvelope(body[Magic.Length..]);
            var message = new ProtobufMessage().Read(raw, schema);
            var document = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind };
            foreach (var (name, value) in message.ToArray())
            {
                message.Remove(name);
                document[name] = value;
            }
            return document;
        }
        catch (InvalidProtocolBufferException malformed)
        {
            throw new DecodingException($"proto: {malformed.Message}");
        }
    }

    private static (string ApiVersion, string Kind, byte[] Raw) ReadEnvelope(ReadOnlyMemory<byte> body)
    {
        var (apiVersion, kind, raw) = ("", "", Array.Empty<byte>());
        var input = new CodedInputStream(body.ToArray());
        while (input.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1:
                    var typeMeta = new CodedInputStream(input.ReadBytes().ToByteArray());
                    while (typeMeta.ReadTag() is var field and not 0)
                    {
                        switch (WireFormat.GetTagFieldNumber(field))
                        {
                            case 1:
                                apiVersion = typeMeta.ReadString();
                                break;
                            case 2:
                                kind = typeMeta.ReadString();
                                break;
                            default:
                                typeMeta.SkipLastField();
                                break;
                        }
                    }
                    break;
                case 2:
                    raw = input.ReadBytes().ToByteArray();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }
        return (apiVersion, kind, raw);
    }
}
