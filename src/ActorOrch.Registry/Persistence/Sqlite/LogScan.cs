using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ActorOrch.Registry.Persistence.Sqlite;

/// <summary>
/// What SQLite would take of a write-ahead log (sqlite.org/fileformat2.html#walformat), and what it would leave without a word. It stops at the
/// first frame that does not check, as after a loss of power it has to; that frame was damaged, and is no torn end, where others came after
/// its transaction was synced.
/// </summary>
/// <param name="Salts">Of the header: another pair whenever the log begins anew. Null where there is no header that checks.</param>
/// <param name="Sound">Frames from the first on that check.</param>
/// <param name="Damage">Half a sentence; null where nothing shows that more was there.</param>
internal sealed record LogScan(ulong? Salts, long Sound, string? Damage)
{
    public const int HeaderBytes = 32, FrameHeaderBytes = 24;

    private const uint LittleEndian = 0x377f0682, BigEndian = 0x377f0683;
    private const int ChecksumAt = 24, SmallestPage = 512, LargestPage = 65536;

    /// <summary>From where the stream is. Throws <see cref="IOException"/>.</summary>
    public static LogScan Of(Stream log)
    {
        var header = new byte[HeaderBytes];
        if (log.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes) return new(null, 0, null);
        var magic = Number(header, 0);
        var sum = new Checksum(magic == BigEndian);
        sum.Add(header.AsSpan(0, ChecksumAt));
        var page = (int)Math.Min(Number(header, 8), int.MaxValue);
        if (magic is not (LittleEndian or BigEndian) || page is < SmallestPage or > LargestPage || page % 8 != 0 || !sum.Is(header.AsSpan(ChecksumAt)))
            return new(null, 0, HasContent(log) ? "has a damaged header" : null);
        return Frames(log, BinaryPrimitives.ReadUInt64BigEndian(header.AsSpan(16)), page, sum);
    }

    private static LogScan Frames(Stream log, ulong salts, int page, Checksum sum)
    {
        var frame = new byte[FrameHeaderBytes + page];
        var (sound, number, hasCommitted) = (0L, 0L, false);
        while (log.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length)
        {
            number++;
            var isOfThisLog = BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan(8)) == salts;
            if (sound == number - 1 && isOfThisLog && Number(frame, 0) != 0)
            {
                sum.Add(frame.AsSpan(0, 8));
                sum.Add(frame.AsSpan(FrameHeaderBytes));
                if (sum.Is(frame.AsSpan(16)))
                {
                    sound = number;
                    continue;
                }
            }
            if (!isOfThisLog) continue;
            // A transaction is begun when the one before is synced.
            if (hasCommitted) return new(salts, sound, $"is damaged: frame {sound + 1} does not check, and what was committed after it is there");
            hasCommitted = Number(frame, 4) != 0;
        }
        return new(salts, sound, null);
    }

    private static bool HasContent(Stream log)
    {
        var frame = new byte[FrameHeaderBytes];
        return log.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length && frame.AsSpan().ContainsAnyExcept((byte)0);
    }

    private static uint Number(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);

    /// <summary>Over words in the order of bytes that the log's magic number names; goes on from frame to frame.</summary>
    private struct Checksum(bool bigEndian)
    {
        private uint _first, _second;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            var words = MemoryMarshal.Cast<byte, uint>(bytes);
            for (var i = 0; i + 1 < words.Length; i += 2)
            {
                unchecked
                {
                    _first += Word(words[i]) + _second;
                    _second += Word(words[i + 1]) + _first;
                }
            }
        }

        public readonly bool Is(ReadOnlySpan<byte> stored) => Number(stored, 0) == _first && Number(stored, 4) == _second;

        private readonly uint Word(uint word) => bigEndian == BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word;
    }
}
