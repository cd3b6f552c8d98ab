using System.Runtime.CompilerServices;
using System.Text.Json;
using ActorOrch.Contracts.Streams;

namespace ActorOrch.Gateway.Streaming.RemoteCommands;

/// <summary>Reads the sizes of a client's terminal: JSON objects with <c>Width</c> and <c>Height</c>, one after the other.</summary>
internal static class TerminalSizes
{
    // Of one size; more than anyone writes into it.
    private const int MostBytes = 1024;

    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    /// <summary>Ends with the stream, and where it holds anything else.</summary>
    public static async IAsyncEnumerable<TerminalSize> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var buffer = new byte[MostBytes];
        var count = 0;
        while (count < buffer.Length && await ReadAsync(stream, buffer.AsMemory(count), cancel).ConfigureAwait(false) is > 0 and var read)
        {
            count += read;
            while (true)
            {
                if (!TryParse(buffer.AsSpan(0, count), out var size, out var used)) yield break;
                if (used == 0) break;
                buffer.AsSpan(used, count - used).CopyTo(buffer);
                count -= used;
                if (size is { Width: > 0, Height: > 0 } found) yield return found;
            }
        }
    }

    /// <param name="used">How many bytes the size took; 0 where it is not all there yet.</param>
    /// <returns>False where what stands there is none.</returns>
    private static bool TryParse(ReadOnlySpan<byte> bytes, out TerminalSize? size, out int used)
    {
        (size, used) = (null, 0);
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, new(new JsonReaderOptions { AllowMultipleValues = true }));
        try
        {
            if (!reader.Read() || !reader.TrySkip()) return true;
            used = (int)reader.BytesConsumed;
            size = JsonSerializer.Deserialize<TerminalSize>(bytes[..used], Options);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static async ValueTask<int> ReadAsync(Stream stream, Memory<byte> buffer, CancellationToken cancel)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancel).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The client has disconnected.
            return 0;
        }
    }
}
