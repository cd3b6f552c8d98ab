using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using ActorOrch.Contracts.Streams;
using ActorOrch.Registry.Timing;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace ActorOrch.Agent.Runtimes.Docker;

public sealed partial class DockerRuntime
{
    private const int StreamBufferBytes = 32 * 1024;

    /// <summary>The engine would hold back ctrl-p to see whether ctrl-q follows; these no one types.</summary>
    private const string NoDetachKeys = "ctrl-^,ctrl-@,ctrl-^,ctrl-@";
    private const int Hangup = 1;
    private const int Kill = 9;
    private const int Terminate = 15;
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long what a container wrote last may still be on its way to a client after its end.</summary>
    private static readonly TimeSpan LastOutput = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public async Task<int> ExecAsync(string containerId, IReadOnlyList<string> command, CommandStreams streams, CancellationToken cancel)
    {
        var parameters = new ContainerExecCreateParameters
        {
            Cmd = [.. command],
            TTY = streams.Tty,
            AttachStdin = streams.Stdin is not null,
            AttachStdout = streams.Stdout is not null,
            AttachStderr = streams.Stderr is not null,
            DetachKeys = NoDetachKeys,
        };
        try
        {
            var exec = (await EngineAsync(answer => _client.Exec.CreateContainerExecAsync(containerId, parameters, answer), cancel).ConfigureAwait(false)).ID;
            using var engine = await EngineAsync(answer => _client.Exec.StartContainerExecAsync(exec, new() { TTY = streams.Tty }, answer), cancel).ConfigureAwait(false);
            try
            {
                await JoinAsync(engine, streams, size => _client.Exec.ResizeExecTtyAsync(exec, size, cancel), cancel).ConfigureAwait(false);
                return await ExitCodeAsync(containerId, exec, cancel).ConfigureAwait(false);
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException)
            {
                await EndAsync(containerId, exec, streams.Tty ? Hangup : Terminate).ConfigureAwait(false);
                throw;
            }
        }
        catch (DockerApiException failure)
        {
            throw new ContainerStartException(Words(failure), failure);
        }
    }

    /// <inheritdoc/>
    public async Task AttachAsync(string containerId, CommandStreams streams, CancellationToken cancel)
    {
        var parameters = new ContainerAttachParameters
        {
            Stream = true,
            Stdin = streams.Stdin is not null,
            Stdout = streams.Stdout is not null,
            Stderr = streams.Stderr is not null,
            DetachKeys = NoDetachKeys,
        };
        try
        {
            using var engine = await EngineAsync(answer => _client.Containers.AttachContainerAsync(containerId, parameters, answer), cancel).ConfigureAwait(false);
            using var done = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            using var last = new DeadlineTimer(TimeProvider.System, "the wait for a container's last output", done.Cancel);
            var joined = JoinAsync(engine, streams, size => _client.Containers.ResizeContainerTtyAsync(containerId, size, done.Token), done.Token);
            var exited = WaitForExitAsync(containerId, done.Token);
            // The engine never ends the streams of one that attached as the container ended: its exit does.
            if (await Task.WhenAny(joined, exited).ConfigureAwait(false) == exited && exited.IsCompletedSuccessfully) last.Set(LastOutput);
            try
            {
                await joined.ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (exited.IsCompletedSuccessfully && !cancel.IsCancellationRequested)
            {
                // Nothing more came.
            }
            await done.CancelAsync().ConfigureAwait(false);
            await exited.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (DockerApiException failure)
        {
            throw new ContainerStartException(Words(failure), failure);
        }
    }

    private async Task WaitForExitAsync(string containerId, CancellationToken cancel)
    {
        try
        {
            await _client.Containers.WaitContainerAsync(containerId, cancel).ConfigureAwait(false);
        }
        catch (DockerContainerNotFoundException)
        {
            // Removed is ended, too.
        }
    }

    /// <summary>Until the engine has no more output.</summary>
    private static async Task JoinAsync(MultiplexedStream engine, CommandStreams streams, Func<ContainerResizeParameters, Task> resize, CancellationToken cancel)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var input = streams.Stdin is { } stdin ? CopyInputAsync(stdin, engine, ended.Token) : Task.CompletedTask;
        var sizes = streams is { Tty: true, Sizes: { } changes } ? FollowSizesAsync(changes, resize, ended.Token) : Task.CompletedTask;
        try
        {
            await CopyOutputAsync(engine, streams, cancel).ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(input, sizes).ConfigureAwait(false);
        }
    }

    private static async Task CopyOutputAsync(MultiplexedStream engine, CommandStreams streams, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(StreamBufferBytes);
        try
        {
            while (true)
            {
                var read = await engine.ReadOutputAsync(buffer, 0, buffer.Length, cancel).ConfigureAwait(false);
                if (read.EOF) return;
                var target = read.Target == MultiplexedStream.TargetStream.StandardError ? streams.Stderr : streams.Stdout;
                if (target is not null) await target.WriteAsync(buffer.AsMemory(0, read.Count), cancel).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task CopyInputAsync(Stream stdin, MultiplexedStream engine, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(StreamBufferBytes);
        try
        {
            while (await stdin.ReadAsync(buffer, cancel).ConfigureAwait(false) is > 0 and var count)
                await engine.WriteAsync(buffer, 0, count, cancel).ConfigureAwait(false);
            engine.CloseWrite();
        }
        catch (Exception over) when (over is OperationCanceledException or IOException)
        {
            // The process reads no more, or the caller has disconnected: either shows on the output's side.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task FollowSizesAsync(IAsyncEnumerable<TerminalSize> sizes, Func<ContainerResizeParameters, Task> resize, CancellationToken cancel)
    {
        try
        {
            await foreach (var size in sizes.WithCancellation(cancel).ConfigureAwait(false))
                await resize(new() { Width = size.Width, Height = size.Height }).ConfigureAwait(false);
        }
        catch (Exception over) when (over is OperationCanceledException or DockerApiException or HttpRequestException or IOException)
        {
            // A terminal of the wrong size is still a terminal; and its process may just have ended.
        }
    }

    /// <summary>A command may close its output before it ends.</summary>
    private async Task<int> ExitCodeAsync(string containerId, string exec, CancellationToken cancel)
    {
        var state = await EngineAsync(answer => _client.Exec.InspectContainerExecAsync(exec, answer), cancel).ConfigureAwait(false);
        return state.Running ? await EndOfAsync(containerId, exec, cancel).ConfigureAwait(false) : (int)(state.ExitCode ?? 0);
    }

    /// <summary>The exit code out of the engine's events, those that it remembers first: the command may end before we listen.</summary>
    private async Task<int> EndOfAsync(string containerId, string exec, CancellationToken cancel)
    {
        using var heard = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var exitCode = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listening = StreamAsync(async () =>
        {
            await _client.System.MonitorEventsAsync(
                new()
                {
                    Since = "1",
                    Filters = new Dictionary<string, IDictionary<string, bool>>
                    {
                        ["container"] = new Dictionary<string, bool> { [containerId] = true },
                        ["event"] = new Dictionary<string, bool> { ["exec_die"] = true, ["die"] = true },
                    },
                },
                new Inline<Message>(m => OnExecEvent(m, exec, exitCode)), heard.Token).ConfigureAwait(false);
            return 0;
        });
        try
        {
            await Task.WhenAny(exitCode.Task, listening).ConfigureAwait(false);
            return exitCode.Task.IsCompletedSuccessfully ? await exitCode.Task.ConfigureAwait(false) : await listening.ConfigureAwait(false);
        }
        finally
        {
            await heard.CancelAsync().ConfigureAwait(false);
        }
    }

    private static void OnExecEvent(Message message, string exec, TaskCompletionSource<int> exitCode)
    {
        // With its container all of its commands are killed.
        if (message.Action == "die") exitCode.TrySetResult(128 + Kill);
        var attributes = message.Actor?.Attributes;
        if (attributes is null || !attributes.TryGetValue("execID", out var id) || id != exec) return;
        exitCode.TrySetResult(attributes.TryGetValue("exitCode", out var code) && int.TryParse(code, CultureInfo.InvariantCulture, out var number) ? number : 0);
    }

    /// <summary>The engine lets a command run on when its caller has disconnected.</summary>
    private async Task EndAsync(string containerId, string exec, int signal)
    {
        using var patience = new Patience(EndPatience, CancellationToken.None);
        try
        {
            if (!await SignalAsync(exec, signal, patience.Token).ConfigureAwait(false)) return;
            await EndOfAsync(containerId, exec, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await SignalAsync(exec, Kill, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is RuntimeUnavailableException or DockerApiException)
        {
            // The container, and its commands with it; or the engine, and then there is no one to ask.
        }
    }

    private async Task<bool> SignalAsync(string exec, int signal, CancellationToken cancel)
    {
        var state = await EngineAsync(answer => _client.Exec.InspectContainerExecAsync(exec, answer), cancel).ConfigureAwait(false);
        if (!state.Running || state.Pid <= 0 || !await SharesMachineAsync(cancel).ConfigureAwait(false)) return false;
        return kill((int)state.Pid, signal) == 0;
    }

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
