using System.Text;

namespace ActorOrch.Agent.Files;

/// <summary>
/// One name within a directory, as the kernel takes it: bytes that end with a zero. What a pod names its files need not be text, so names that
/// were read from a directory never become a string.
/// </summary>
internal readonly struct FileName
{
    private FileName(byte[] bytes) => Bytes = bytes;

    public byte[] Bytes { get; }

    public static FileName Of(byte[] terminated) => new(terminated);

    /// <summary>Throws <see cref="IOException"/> for what would lead anywhere else than into the directory itself.</summary>
    public static FileName Of(string name)
    {
        if (name.Length == 0 || name is "." or ".." || name.AsSpan().ContainsAny('/', '\0')) throw new IOException($"\"{name}\" is not a name of a file");
        var bytes = new byte[Encoding.UTF8.GetByteCount(name) + 1];
        Encoding.UTF8.GetBytes(name, bytes);
        return new(bytes);
    }

    public static implicit operator FileName(string name) => Of(name);

    public bool Is(string text) => Encoding.UTF8.GetBytes(text).AsSpan().SequenceEqual(Bytes.AsSpan(0, Bytes.Length - 1));

    public override string ToString() => Encoding.UTF8.GetString(Bytes, 0, Bytes.Length - 1);
}
