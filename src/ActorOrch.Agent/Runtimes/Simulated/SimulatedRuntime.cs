using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using ActorOrch.Contracts.Streams;
using ActorOrch.Registry.Timing;

namespace ActorOrch.Agent.Runtimes.Simulated;

/// <summary>Containers in memory, on the clock it is given: the life cycle of real ones without their cost.</summary>
public sealed class SimulatedRuntime(string nodeName, TimeProvider time, int cpus = 8, long memoryBytes = 32L << 30) : IContainerRuntime
{
    private const int Killed = 137;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SimulatedContainer> _containers = [];
    private readonly List<Channel<ContainerEvent>> _listeners = [];
    private readonly List<ContainerEvent> _history = [];

    /// <summary>Images that cannot be pulled, with the engine's words.</summary>
    public Dictionary<string, string> UnpullableImages { get; } = [];

    /// <summary>What it says it can give: nothing that runs here could harm anything.</summary>
    public RuntimeIsolation Isolation { get; set; } = new() { Seccomp = true, SeccompByDefault = true, AppArmor = true, SELinux = true, UserNamespaces = true };

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<RuntimeInfo> InfoAsync(CancellationToken cancel) =>
        Task.FromResult(new RuntimeInfo("simulated://1.0", "Simulated", "x86_64", Environment.OSVersion.Version.ToString(), cpus, memoryBytes) { Isolation = Isolation });

    /// <inheritdoc/>
    public Task<ImageInfo?> FindImageAsync(string image, CancellationToken cancel) =>
        Task.FromResult(UnpullableImages.ContainsKey(image) ? null : new ImageInfo(ImageId(image), image, 1));

    /// <inheritdoc/>
    public Task<ImageInfo> PullImageAsync(string image, CancellationToken cancel) => UnpullableImages.TryGetValue(image, out var words)
        ? Task.FromException<ImageInfo>(new ImagePullException(words))
        : Task.FromResult(new ImageInfo(ImageId(image), image, 1));

    /// <inheritdoc/>
    public Task PrepareAsync(PodNetworkSpec network, CancellationToken cancel) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancel)
    {
        lock (_gate)
        {
            foreach (var existing in _containers.Values) if (existing.Spec.Name == spec.Name) return Task.FromResult(existing.Id);
            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
            var labelled = spec with { Labels = new Dictionary<string, string>(spec.Labels) { [ContainerLabels.Node] = nodeName } };
            _containers[id] = new(id, labelled, time.GetUtcNow());
            return Task.FromResult(id);
        }
    }

    /// <inheritdoc/>
    public async Task StartAsync(string containerId, CancellationToken cancel)
    {
        var container = Find(containerId) ?? throw new ContainerStartException($"No such container: {containerId}");
        if (container.Behaviour.StartError is { } error) throw new ContainerStartException(error);
        await time.WaitAsync(container.Behaviour.StartDelay, cancel).ConfigureAwait(false);
        lock (_gate)
        {
            if (container.Phase == ContainerPhase.Running) return;
            container.Phase = ContainerPhase.Running;
            container.StartedAt = time.GetUtcNow();
            foreach (var line in (container.Behaviour.Log ?? $"{container.Spec.Name} started").Split('\n')) container.Log.Add((container.StartedAt.Value, line));
            if (container.Behaviour.ExitAfter is { } after)
                container.Exit = DeadlineTimer.Once(time, after, "a container's end", () => End(container, container.Behaviour.ExitCode));
            Publish(ContainerEventKind.Started, container, null);
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(string containerId, TimeSpan grace, CancellationToken cancel)
    {
        if (Find(containerId) is not { Phase: ContainerPhase.Running } container) return;
        var delay = container.Behaviour.StopDelay;
        var wait = delay < grace ? delay : grace;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(container.Ended.Task, time.WaitAsync(wait, ended.Token)).ConfigureAwait(false);
        await ended.CancelAsync().ConfigureAwait(false);
        cancel.ThrowIfCancellationRequested();
        End(container, delay < grace ? container.Behaviour.ExitCode : Killed);
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string containerId, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (!_containers.TryGetValue(containerId, out var container)) return Task.CompletedTask;
            if (container.Phase == ContainerPhase.Running) End(container, Killed);
            _containers.Remove(containerId);
            Publish(ContainerEventKind.Removed, container, null);
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ContainerState?> InspectAsync(string containerId, CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult(_containers.TryGetValue(containerId, out var container) ? container.State() : null);
    }

    /// <inheritdoc/>
    public Task<long?> WrittenBytesAsync(string containerId, CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult(_containers.TryGetValue(containerId, out var container) ? container.Behaviour.WrittenBytes : (long?)null);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ContainerState>> ListAsync(CancellationToken cancel)
    {
        lock (_gate) return Task.FromResult<IReadOnlyList<ContainerState>>([.. _containers.Values.Select(c => c.State())]);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> AddressesOfOthersAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ContainerState>> ListPodAsync(string podUid, CancellationToken cancel) =>
        [.. (await ListAsync(cancel).ConfigureAwait(false)).Where(c => c.Labels.GetValueOrDefault(ContainerLabels.PodUid) == podUid)];

    /// <inheritdoc/>
    public async Task<ExecResult> ExecAsync(string containerId, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel)
    {
        using var output = new MemoryStream();
        var exitCode = await ExecAsync(containerId, command, new CommandStreams(null, output, output, Tty: false, null), cancel).ConfigureAwait(false);
        return new(exitCode, Encoding.UTF8.GetString(output.ToArray()));
    }

    /// <inheritdoc/>
    public Task<int> ExecAsync(string containerId, IReadOnlyList<string> command, CommandStreams streams, CancellationToken cancel)
    {
        Running(containerId);
        return SimulatedCommand.RunAsync(command, streams, cancel);
    }

    /// <inheritdoc/>
    public Task AttachAsync(string containerId, CommandStreams streams, CancellationToken cancel) => Running(containerId).Ended.Task.WaitAsync(cancel);

    /// <inheritdoc/>
    public async Task ForwardAsync(ContainerState container, int port, Stream fromClient, Stream toClient, CancellationToken cancel)
    {
        if (Running(container.Id).Behaviour.EchoPort != port) throw new ContainerStartException(PodDial.Refused(port));
        await StreamRelay.CopyAsync(fromClient, toClient, cancel).ConfigureAwait(false);
        await toClient.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task CopyLogsAsync(string containerId, LogRequest request, Stream destination, CancellationToken cancel)
    {
        if (Find(containerId) is not { } container) throw new ContainerGoneException($"No such container: {containerId}");
        byte[] text;
        lock (_gate) text = Encoding.UTF8.GetBytes(string.Concat(Lines(container, request)));
        await destination.WriteAsync(text.AsMemory(0, (int)Math.Min(text.Length, request.LimitBytes ?? long.MaxValue)), cancel).ConfigureAwait(false);
        if (request.Follow) await container.Ended.Task.WaitAsync(cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ContainerEvent> EventsAsync(DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancel)
    {
        var channel = Channel.CreateUnbounded<ContainerEvent>(new() { SingleReader = true });
        lock (_gate)
        {
            foreach (var past in _history) if (past.At >= since) channel.Writer.TryWrite(past);
            _listeners.Add(channel);
        }
        try
        {
            await foreach (var happened in channel.Reader.ReadAllAsync(cancel).ConfigureAwait(false)) yield return happened;
        }
        finally
        {
            lock (_gate) _listeners.Remove(channel);
        }
    }

    /// <summary>A container ends by itself, as if its process had crashed.</summary>
    public void Crash(string containerId, int exitCode)
    {
        if (Find(containerId) is { } container) End(container, exitCode);
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            foreach (var container in _containers.Values) container.Exit?.Dispose();
            foreach (var listener in _listeners) listener.Writer.TryComplete();
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>An id that is always the same for an image.</summary>
    internal static string ImageId(string image) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(image)))}";

    private static IEnumerable<string> Lines(SimulatedContainer container, LogRequest request)
    {
        var lines = container.Log.Where(l => request.Since is null || l.At >= request.Since).ToList();
        if (request.TailLines is { } tail) lines = [.. lines.TakeLast((int)Math.Min(tail, int.MaxValue))];
        return lines.Select(l => request.Timestamps ? $"{l.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)} {l.Line}\n" : $"{l.Line}\n");
    }

    private SimulatedContainer Running(string id) => Find(id) is { Phase: ContainerPhase.Running } container
        ? container
        : throw new ContainerStartException($"Error response from daemon: Container {id} is not running");

    private SimulatedContainer? Find(string id)
    {
        lock (_gate) return _containers.GetValueOrDefault(id);
    }

    private void End(SimulatedContainer container, int exitCode)
    {
        lock (_gate)
        {
            if (container.Phase != ContainerPhase.Running) return;
            container.Phase = ContainerPhase.Exited;
            container.FinishedAt = time.GetUtcNow();
            container.ExitCode = exitCode;
            container.Exit?.Dispose();
            container.Ended.TrySetResult();
            Publish(ContainerEventKind.Exited, container, exitCode);
        }
    }

    private void Publish(ContainerEventKind kind, SimulatedContainer container, int? exitCode)
    {
        const int keptEvents = 1000;
        var happened = new ContainerEvent(kind, container.Id, container.Spec.Labels, time.GetUtcNow(), exitCode);
        if (_history.Count == keptEvents) _history.RemoveAt(0);
        _history.Add(happened);
        foreach (var listener in _listeners) listener.Writer.TryWrite(happened);
    }
}
