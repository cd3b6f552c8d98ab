using System.Runtime.CompilerServices;
using System.Text.Json;
using ActorOrch.Controllers.Nodes;

namespace ActorOrch.Gateway;

/// <summary>Reads the sizes of a client's terminal: JSON objects with <c>Width</c> and <c>Height</c>, one after the other.</summary>
internal static class TerminalSizes
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNameCaseInsensitive = true };

    /// <summary>Ends with the stream, and where it holds anything else.</summary>
    public static async IAsyncEnumerable<TerminalSize> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await using var sizes = JsonSerializer.DeserializeAsyncEnumerable<TerminalSize>(stream, topLevelValues: true, Options, cancel)
            .GetAsyncEnumerator(cancel);
        while (await NextAsync(sizes).ConfigureAwait(false))
            if (sizes.Current is { Width: > 0, Height: > 0 } size) yield return size;
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<TerminalSize> sizes)
    {
        try
        {
            return await sizes.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception over) when (over is JsonException or IOException)
        {
            return false;
        }
    }
}
