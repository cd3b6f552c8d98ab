using System.Buffers.Binary;
using System.Text;

namespace ActorOrch.Registry.Clustering.Transports.Doors;

/// <summary>
/// Reads a protobuf message strictly: what two readers could understand differently (a single field that comes twice, a length beyond the
/// end) is an error. Throws <see cref="InvalidDataException"/>.
/// </summary>
internal ref struct ProtoReader(ReadOnlyMemory<byte> message)
{
    private const int Varint = 0, Fixed64 = 1, Length = 2, Fixed32 = 5;

    private int _position;
    private int _wire;
    private ulong _seen;

    /// <summary>Of the field that <see cref="Next"/> has come to.</summary>
    public int Number { get; private set; }

    public ulong Value { get; private set; }

    public ReadOnlyMemory<byte> Bytes { get; private set; }

    public string Text => Encoding.UTF8.GetString(IsBytes().Span);

    /// <summary>False at the end.</summary>
    public bool Next()
    {
        if (_position == message.Length) return false;
        var tag = ReadVarint();
        (Number, _wire) = ((int)Math.Min(tag >> 3, int.MaxValue), (int)(tag & 7));
        if (Number == 0) throw new InvalidDataException("a field without a number");
        switch (_wire)
        {
            case Varint:
                Value = ReadVarint();
                break;
            case Fixed64:
                Value = BinaryPrimitives.ReadUInt64LittleEndian(Take(8).Span);
                break;
            case Fixed32:
                Value = BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span);
                break;
            case Length:
                var length = ReadVarint();
                Bytes = length <= int.MaxValue ? Take((int)length) : throw new InvalidDataException("a field longer than its message");
                break;
            default:
                throw new InvalidDataException($"a field of wire type {_wire}");
        }
        return true;
    }

    /// <summary>The field's bytes, where it may come again.</summary>
    public readonly ReadOnlyMemory<byte> IsBytes() => _wire == Length ? Bytes : throw new InvalidDataException($"field {Number} is no text and no message");

    /// <summary>The field's bytes, where it may come but once.</summary>
    public ReadOnlyMemory<byte> OnceBytes()
    {
        Once();
        return IsBytes();
    }

    /// <summary>The field's number, where it may come but once.</summary>
    public ulong OnceValue()
    {
        Once();
        return _wire == Length ? throw new InvalidDataException($"field {Number} is no number") : Value;
    }

    /// <summary>The numbers of a repeated field, packed or one by one.</summary>
    public readonly void AddValues(List<int> values)
    {
        if (_wire != Length)
        {
            values.Add((int)Value);
            return;
        }
        var packed = new ProtoReader(Bytes);
        while (packed._position < Bytes.Length) values.Add((int)packed.ReadVarint());
    }

    private void Once()
    {
        if (Number >= 64 || (_seen & (1UL << Number)) != 0) throw new InvalidDataException($"field {Number} comes twice");
        _seen |= 1UL << Number;
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        if (count > message.Length - _position) throw new InvalidDataException("a field longer than its message");
        var taken = message.Slice(_position, count);
        _position += count;
        return taken;
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Take(1).Span[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
        throw new InvalidDataException("a number of more than ten bytes");
    }
}
