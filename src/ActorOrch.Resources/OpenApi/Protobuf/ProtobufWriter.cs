using System.Buffers.Binary;
using System.Text;

namespace ActorOrch.Resources.OpenApi.Protobuf;

/// <summary>Writes protobuf's wire format into memory.</summary>
internal sealed class ProtobufWriter
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;

    private byte[] _bytes = new byte[4096];
    private int _used;

    public byte[] ToArray() => _bytes.AsSpan(0, _used).ToArray();

    public void WriteText(int field, string text)
    {
        var count = Encoding.UTF8.GetByteCount(text);
        WriteTag(field, Delimited);
        WriteVarint((ulong)count);
        Reserve(count);
        _used += Encoding.UTF8.GetBytes(text, _bytes.AsSpan(_used));
    }

    public void WriteInteger(int field, long value)
    {
        WriteTag(field, Varint);
        WriteVarint((ulong)value);
    }

    public void WriteDouble(int field, double value)
    {
        WriteTag(field, Fixed64);
        Reserve(sizeof(double));
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.AsSpan(_used), value);
        _used += sizeof(double);
    }

    /// <summary>A message inside this one: its length stands before it, and is known after it.</summary>
    public void WriteMessage<T>(int field, T state, Action<ProtobufWriter, T> content)
    {
        WriteTag(field, Delimited);
        var start = _used;
        content(this, state);
        var length = _used - start;
        WriteVarint((ulong)length);
        var prefix = _bytes.AsSpan(start + length, _used - start - length).ToArray();
        Buffer.BlockCopy(_bytes, start, _bytes, start + prefix.Length, length);
        prefix.CopyTo(_bytes, start);
    }

    private void WriteTag(int field, int wireType) => WriteVarint((ulong)((field << 3) | wireType));

    private void WriteVarint(ulong value)
    {
        const int longest = 10;
        Reserve(longest);
        for (; value > 0x7f; value >>= 7) _bytes[_used++] = (byte)(value | 0x80);
        _bytes[_used++] = (byte)value;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _used < count) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + count));
    }
}
