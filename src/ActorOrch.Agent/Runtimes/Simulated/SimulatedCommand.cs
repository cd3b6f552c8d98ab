using System.Globalization;
using System.Text;
using ActorOrch.Contracts.Streams;

namespace ActorOrch.Agent.Runtimes.Simulated;

/// <summary>
/// The commands that simulated containers know: <c>echo</c>, <c>cat</c> without files, <c>true</c>, <c>false</c> and <c>exit N</c>, also in
/// <c>sh -c</c>. All others succeed without a word, as probes and hooks expect.
/// </summary>
internal static class SimulatedCommand
{
    /// <summary>The exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> command, CommandStreams streams, CancellationToken cancel)
    {
        switch (command)
        {
            case ["sh" or "/bin/sh", "-c", var line]:
                return await RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), streams, cancel).ConfigureAwait(false);
            case ["echo", ..]:
                await PrintAsync(streams.Stdout, string.Join(' ', command.Skip(1)) + "\n", cancel).ConfigureAwait(false);
                return 0;
            case ["cat"]:
                if (streams is { Stdin: { } stdin, Stdout: { } stdout }) await StreamRelay.CopyAsync(stdin, stdout, cancel).ConfigureAwait(false);
                return 0;
            case ["true"]:
                return 0;
            case ["false"]:
                return 1;
            case ["exit", var code] when byte.TryParse(code, CultureInfo.InvariantCulture, out var exitCode):
                return exitCode;
            default:
                return 0;
        }
    }

    private static ValueTask PrintAsync(Stream? output, string text, CancellationToken cancel) =>
        output is null ? ValueTask.CompletedTask : output.WriteAsync(Encoding.UTF8.GetBytes(text), cancel);
}
