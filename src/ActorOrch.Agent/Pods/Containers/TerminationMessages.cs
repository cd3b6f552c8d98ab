using System.Text;
using ActorOrch.Agent.Runtimes;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Containers;

/// <summary>What a container left as its last words: <c>state.terminated.message</c>.</summary>
internal static class TerminationMessages
{
    /// <summary>Upstream's limits: of the message's file, and of the log where that is the fallback.</summary>
    private const int MessageBytes = 4096;
    private const int LogBytes = 2048;
    private const int LogLines = 80;

    public static async Task<string?> ReadAsync(
        IContainerRuntime runtime, V1Container container, string containerId, string file, int exitCode, CancellationToken cancel)
    {
        if (await FromFileAsync(file, cancel).ConfigureAwait(false) is { } message) return message;
        if (container.TerminationMessagePolicy != "FallbackToLogsOnError" || exitCode == 0) return null;
        using var log = new MemoryStream();
        await runtime.CopyLogsAsync(containerId, new(Follow: false, Timestamps: false, TailLines: LogLines, Since: null, LimitBytes: null), log, cancel).ConfigureAwait(false);
        var bytes = log.ToArray();
        return bytes.Length == 0 ? null : Encoding.UTF8.GetString(bytes.AsSpan(Math.Max(0, bytes.Length - LogBytes)));
    }

    private static async Task<string?> FromFileAsync(string file, CancellationToken cancel)
    {
        if (!File.Exists(file)) return null;
        await using var stream = File.OpenRead(file);
        if (stream.Length == 0) return null;
        var buffer = new byte[Math.Min(stream.Length, MessageBytes)];
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }
}
