using System.Buffers.Binary;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>
/// What SQLite's shared memory says of a write-ahead log (sqlite.org/walformat.html#the_wal_index_header): how much of it is committed. It is
/// written after the log is, and never synced: right as long as the machine has not been started anew.
/// </summary>
/// <param name="Frames">That are committed; 0 where the log is about to begin anew.</param>
internal readonly record struct LogIndex(ulong Salts, uint Frames)
{
    private const int CopyBytes = 48, InitializedAt = 12, FramesAt = 16, SaltsAt = 32;

    /// <summary>Null where it was being written, or nothing uses it.</summary>
    public static LogIndex? Of(ReadOnlySpan<byte> memory)
    {
        if (memory.Length < 2 * CopyBytes || !memory[..CopyBytes].SequenceEqual(memory[CopyBytes..(2 * CopyBytes)]) || memory[InitializedAt] == 0) return null;
        // Numbers are the machine's own, salts are copied from the log as they are.
        return new(BinaryPrimitives.ReadUInt64BigEndian(memory[SaltsAt..]), BitConverter.ToUInt32(memory[FramesAt..]));
    }

    /// <summary>What of the committed is not in the log any more: half a sentence; null where it is all there.</summary>
    public string? Lost(LogScan log) => Frames == 0 || (log.Salts == Salts && log.Sound >= Frames)
        ? null
        : log.Salts == Salts
            ? $"is damaged or cut: {log.Sound} of its {Frames} committed frames are there"
            : $"is not the one that was written last: its {Frames} committed frames are lost";
}
