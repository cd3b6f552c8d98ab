using System.Runtime.InteropServices;

namespace ActorOrch.Agent.Files;

/// <summary>Reads the names in a directory one after the other, however many there are.</summary>
internal sealed unsafe class DirectoryNames : IDisposable
{
    /// <summary>Of the name within an entry, on 64-bit machines.</summary>
    private const int NameOffset = 19;
    private nint _stream;

    private DirectoryNames(nint stream) => _stream = stream;

    /// <summary>Takes the open directory over.</summary>
    public static DirectoryNames Of(int directory)
    {
        var stream = Libc.fdopendir(directory);
        if (stream != 0) return new(stream);
        var failure = UnixException.Last("read directory");
        _ = Libc.close(directory);
        throw failure;
    }

    /// <summary>False after the last one. Never <c>.</c> or <c>..</c>.</summary>
    public bool Next(out FileName name)
    {
        ObjectDisposedException.ThrowIf(_stream == 0, this);
        while (true)
        {
            var entry = Libc.readdir(_stream);
            if (entry is null)
            {
                name = default;
                return Marshal.GetLastPInvokeError() == 0 ? false : throw UnixException.Last("read directory");
            }
            var bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + NameOffset);
            if (bytes.SequenceEqual("."u8) || bytes.SequenceEqual(".."u8)) continue;
            name = FileName.Of([.. bytes, 0]);
            return true;
        }
    }

    public void Dispose()
    {
        if (_stream != 0) _ = Libc.closedir(_stream);
        _stream = 0;
    }
}
