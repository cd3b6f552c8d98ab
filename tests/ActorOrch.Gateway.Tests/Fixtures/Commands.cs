using System.Text;
using ActorOrch.Contracts.Streams;

namespace ActorOrch.Gateway.Tests.Fixtures;

/// <summary>The commands that a fake container knows.</summary>
internal static class Commands
{
    /// <summary>
    /// <c>say TEXT</c> to stdout, <c>complain TEXT</c> to stderr, <c>copy</c> of stdin to stdout, <c>ignore</c> of stdin, <c>size</c> of the terminal,
    /// <c>exit N</c>, <c>fail TEXT</c>, <c>wait</c> until the client has gone.
    /// </summary>
    public static async Task<int> RunAsync(PodCommandRequest request, CommandStreams streams, CancellationToken cancel)
    {
        switch (request.Command)
        {
            case null:
                await WriteAsync(streams.Stdout, "attached\n", cancel);
                return 0;
            case ["say", var text]:
                await WriteAsync(streams.Stdout, text, cancel);
                return 0;
            case ["complain", var text]:
                await WriteAsync(streams.Stderr, text, cancel);
                return 0;
            case ["copy"]:
                await streams.Stdin!.CopyToAsync(streams.Stdout!, cancel);
                return 0;
            case ["ignore"]:
                return 0;
            case ["size"]:
                await foreach (var size in streams.Sizes!.WithCancellation(cancel))
                {
                    await WriteAsync(streams.Stdout, $"{size.Width}x{size.Height}", cancel);
                    return 0;
                }
                return 1;
            case ["exit", var code]:
                return int.Parse(code, System.Globalization.CultureInfo.InvariantCulture);
            case ["fail", var text]:
                throw new PodStreamException(text);
            case ["wait"]:
                await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
                return 0;
            default:
                throw new PodStreamException($"unknown: {string.Join(' ', request.Command)}");
        }
    }

    private static ValueTask WriteAsync(Stream? stream, string text, CancellationToken cancel) =>
        stream?.WriteAsync(Encoding.UTF8.GetBytes(text), cancel) ?? ValueTask.CompletedTask;
}
