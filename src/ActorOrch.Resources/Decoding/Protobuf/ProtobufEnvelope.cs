namespace ActorOrch.Resources.Decoding.Protobuf;

/// <summary>
/// What clients send as <c>application/vnd.kubernetes.protobuf</c>: the magic bytes <c>k8s\0</c> and a <c>runtime.Unknown</c>, which
/// names the kind and holds the object's message.
/// </summary>
internal sealed record ProtobufEnvelope(TypeMeta Meta, byte[] Raw)
{
    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>Throws <see cref="DecodingException"/> for anything that is no such envelope.</summary>
    public static ProtobufEnvelope Read(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty) throw new DecodingException("empty data");
        if (!body.Span.StartsWith(Magic)) throw new DecodingException("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        var (meta, raw) = (new TypeMeta("", ""), Array.Empty<byte>());
        var fields = new ProtobufFields(body[Magic.Length..].ToArray(), new());
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case 1:
                    meta = ReadTypeMeta(fields.Message());
                    break;
                case 2:
                    raw = fields.Bytes();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return new(meta, raw);
    }

    private static TypeMeta ReadTypeMeta(ProtobufFields fields)
    {
        var (apiVersion, kind) = ("", "");
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case 1:
                    apiVersion = fields.Text();
                    break;
                case 2:
                    kind = fields.Text();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
        return new(apiVersion, kind);
    }
}
