using Google.Protobuf;

namespace ActorOrch.Resources.Decoding.Protobuf;

/// <summary>The fields of one message, in the order in which they were sent. All throw <see cref="DecodingException"/> for what is malformed.</summary>
/// <param name="count">Of the document that the message is part of.</param>
internal sealed class ProtobufFields(byte[] bytes, NodeCount count)
{
    private readonly CodedInputStream _input = new(bytes);

    private uint _tag;

    /// <summary>The number of the field at hand.</summary>
    public int Number => WireFormat.GetTagFieldNumber(_tag);

    /// <summary>Whether the field at hand is a run of bytes: text, a message, numbers packed together.</summary>
    public bool IsDelimited => WireFormat.GetTagWireType(_tag) == WireFormat.WireType.LengthDelimited;

    public bool IsAtEnd => _input.IsAtEnd;

    /// <summary>What all messages of the document are counted by.</summary>
    public NodeCount Count => count;

    /// <summary>Goes on to the next field; false behind the last. Throws 413 past what a document may have.</summary>
    public bool Next()
    {
        count.Add();
        return (_tag = Read(i => i.ReadTag())) != 0;
    }

    public void Skip() => Read(i =>
    {
        i.SkipLastField();
        return true;
    });

    public string Text() => Read(WireFormat.WireType.LengthDelimited, i => i.ReadString());

    public byte[] Bytes() => Read(WireFormat.WireType.LengthDelimited, i => i.ReadBytes().ToByteArray());

    public ProtobufFields Message() => new(Bytes(), count);

    public long Integer() => Read(WireFormat.WireType.Varint, i => i.ReadInt64());

    public double Double() => Read(WireFormat.WireType.Fixed64, i => i.ReadDouble());

    /// <summary>The next of numbers packed together, which have no tags.</summary>
    public long Packed()
    {
        count.Add();
        return Read(i => i.ReadInt64());
    }

    private T Read<T>(WireFormat.WireType expected, Func<CodedInputStream, T> read) => WireFormat.GetTagWireType(_tag) == expected
        ? Read(read)
        : throw new DecodingException($"proto: wrong wireType = {(int)WireFormat.GetTagWireType(_tag)} for field {Number}");

    private T Read<T>(Func<CodedInputStream, T> read)
    {
        try
        {
            return read(_input);
        }
        catch (InvalidProtocolBufferException malformed)
        {
            throw new DecodingException($"proto: {malformed.Message}");
        }
    }
}
