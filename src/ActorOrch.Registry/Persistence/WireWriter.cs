using System.Text;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Persistence;

/// <summary>
/// Writes the journal's and the wire's formats: integers as LEB128 (7 bits a byte, lowest first), text and bytes with their length before them.
/// </summary>
internal sealed class WireWriter(int capacity)
{
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(capacity);
    private int _length;

    /// <summary>What one object takes at most, for a capacity that need not grow.</summary>
    public static int SizeOf(ObjectKey key, byte[] json) => 32 + 3 * (key.Namespace.Length + key.Name.Length) + json.Length;

    public int Length => _length;

    /// <summary>What was written so far. The next write may move it.</summary>
    public Span<byte> Written => _buffer.AsSpan(0, _length);

    public void Byte(byte value) => Take(1)[0] = value;

    public void Number(long value)
    {
        var bits = checked((ulong)value);
        while (bits >= 0x80)
        {
            Byte((byte)(bits | 0x80));
            bits >>= 7;
        }
        Byte((byte)bits);
    }

    public void Text(string value)
    {
        Number(Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, Take(Encoding.UTF8.GetByteCount(value)));
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Number(value.Length);
        value.CopyTo(Take(value.Length));
    }

    public void Key(ObjectKey key)
    {
        Text(key.Namespace);
        Text(key.Name);
    }

    public byte[] Finish()
    {
        if (_length != _buffer.Length) Array.Resize(ref _buffer, _length);
        return _buffer;
    }

    /// <summary>Room for so many bytes, for the caller to fill.</summary>
    public Span<byte> Take(int count)
    {
        if (_length + count > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(checked(_length + count), (int)Math.Min(Array.MaxLength, 2L * _buffer.Length)));
        var taken = _buffer.AsSpan(_length, count);
        _length += count;
        return taken;
    }
}

/// <summary>Reads what <see cref="WireWriter"/> wrote. Throws <see cref="FormatException"/> where the bytes end too soon.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;
    private ReadOnlySpan<byte> _lastNamespace = default;
    private string _lastNamespaceText = "";

    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>What was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte Byte() => Take(1)[0];

    public long Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return checked((long)value);
        }
        throw new FormatException("a number of more than 64 bits");
    }

    public int Count() => checked((int)Number());

    public string Text() => Encoding.UTF8.GetString(Take(Count()));

    public byte[] Bytes() => Take(Count()).ToArray();

    public ObjectKey Key() => new(Namespace(), Text());

    /// <summary>Objects of one namespace follow each other, and share its name.</summary>
    private string Namespace()
    {
        var bytes = Take(Count());
        if (bytes.IsEmpty) return "";
        if (!bytes.SequenceEqual(_lastNamespace))
        {
            _lastNamespace = bytes;
            _lastNamespaceText = Encoding.UTF8.GetString(bytes);
        }
        return _lastNamespaceText;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length) throw new FormatException($"{count} bytes wanted, {_rest.Length} left");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
