using System.Text;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Volumes;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Containers;

/// <summary>What a container left as its last words: <c>state.terminated.message</c>.</summary>
internal static class TerminationMessages
{
    /// <summary>Upstream's limits: of the message's file, and of the log where that is the fallback.</summary>
    private const int MessageBytes = 4096;
    private const int LogBytes = 2048;
    private const int LogLines = 80;

    /// <summary>The end of its log, where that is asked for and it left nothing else.</summary>
    public static async Task<string?> FromLogAsync(IContainerRuntime runtime, string containerId, CancellationToken cancel)
    {
        using var log = new MemoryStream();
        try
        {
            await runtime.CopyLogsAsync(containerId, new(Follow: false, Timestamps: false, TailLines: LogLines, Since: null, LimitBytes: null), log, cancel).ConfigureAwait(false);
        }
        catch (ContainerGoneException)
        {
            return null;
        }
        var bytes = log.ToArray();
        return bytes.Length == 0 ? null : Encoding.UTF8.GetString(bytes.AsSpan(Math.Max(0, bytes.Length - LogBytes)));
    }

    public static bool WantsLog(V1Container container, int exitCode) => container.TerminationMessagePolicy == "FallbackToLogsOnError" && exitCode != 0;

    /// <summary>
    /// The end of what the container wrote to its message's file; null where that is nothing. The container may write as much as it likes, and
    /// a privileged one may have put anything in the file's place: only a regular file is read, and no more than the limit.
    /// </summary>
    public static string? Left(PodDirectories directories, string podUid, string container, int attempt)
    {
        var path = directories.TerminationMessage(podUid, container, attempt);
        try
        {
            using var messages = directories.FindMessages(podUid, container);
            using var file = messages?.TryOpenFile(Path.GetFileName(path));
            if (file is null) return null;
            var size = file.Status.Size;
            var buffer = new byte[Math.Min(size, MessageBytes)];
            var read = RandomAccess.Read(file.Handle, buffer, size - buffer.Length);
            return read == 0 ? null : Encoding.UTF8.GetString(buffer, 0, read);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // As upstream: that there is nothing to read is told where it would be.
            return $"Error on reading termination log {Path.GetFileName(path)}: {failure.Message}";
        }
    }
}
