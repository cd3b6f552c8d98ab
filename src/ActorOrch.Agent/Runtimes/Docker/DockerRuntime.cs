using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Timing;
using Docker.DotNet;

namespace ActorOrch.Agent.Runtimes.Docker;

/// <summary>Containers on a Docker engine (API 1.41 or newer), driven through its socket.</summary>
public sealed partial class DockerRuntime : IContainerRuntime
{
    private readonly DockerRuntimeOptions _options;
    private readonly DockerClient _client;
    private readonly SemaphoreSlim _starts;
    private readonly SemaphoreSlim _stops;

    public DockerRuntime(DockerRuntimeOptions options)
    {
        _options = options;
        _client = new DockerClientBuilder().WithEndpoint(options.Endpoint).WithTimeout(Timeout.InfiniteTimeSpan).Build();
        _starts = new(options.StartParallelism);
        _stops = new(options.StopParallelism);
    }

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancel) => EngineAsync(async answer =>
    {
        await _client.System.PingAsync(answer).ConfigureAwait(false);
        return true;
    }, cancel, _options.PingTimeout);

    /// <inheritdoc/>
    public Task<RuntimeInfo> InfoAsync(CancellationToken cancel) => EngineAsync(async answer =>
    {
        var info = await _client.System.GetSystemInfoAsync(answer).ConfigureAwait(false);
        var sharesMachine = Environment.IsPrivilegedProcess && info.Name == Environment.MachineName;
        return new RuntimeInfo(
            $"docker://{info.ServerVersion}", info.OperatingSystem, info.Architecture, info.KernelVersion, (int)info.NCPU, info.MemTotal)
        {
            SharesMachine = sharesMachine,
            SharesMounts = sharesMachine && await EnginePeer.SharesMountsAsync(_options.Endpoint, _options.MountDirectory, answer).ConfigureAwait(false),
            Isolation = IsolationOf(info.SecurityOptions ?? []),
        };
    }, cancel);

    /// <inheritdoc/>
    public async Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancel)
    {
        var parameters = DockerContainers.ToParameters(spec, _options.NodeName, _ownIPv6);
        await _starts.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            // The engine finishes what it has begun: whoever gives up now would leave a container that nobody knows of.
            var created = await EngineAsync(answer => _client.Containers.CreateContainerAsync(parameters, answer), CancellationToken.None).ConfigureAwait(false);
            if (spec.Network is NetworkMode.Own { Address4: { } address4 }) Claim(address4, created.ID);
            if (_ownIPv6 && spec.Network is NetworkMode.Own { Address6: { } address6 }) _addresses6[created.ID] = address6;
            return created.ID;
        }
        catch (DockerApiException taken) when (taken.StatusCode == HttpStatusCode.Conflict)
        {
            var existing = await EngineAsync(answer => _client.Containers.InspectContainerAsync(spec.Name, answer), cancel).ConfigureAwait(false);
            return existing.ID;
        }
        catch (DockerApiException failure)
        {
            throw new ContainerStartException(Words(failure), failure);
        }
        finally
        {
            _starts.Release();
        }
    }

    /// <inheritdoc/>
    public async Task StartAsync(string containerId, CancellationToken cancel)
    {
        await _starts.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (_predecessors.TryRemove(containerId, out var predecessor)) await InspectAsync(predecessor, cancel).ConfigureAwait(false);
            await EngineAsync(answer => _client.Containers.StartContainerAsync(containerId, new(), answer), cancel).ConfigureAwait(false);
            if (_addresses6.TryRemove(containerId, out var address6)) await AddIPv6Async(containerId, address6, cancel).ConfigureAwait(false);
        }
        catch (DockerApiException failure)
        {
            throw new ContainerStartException(Words(failure), failure);
        }
        finally
        {
            _starts.Release();
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(string containerId, TimeSpan grace, CancellationToken cancel)
    {
        // The wait for a graceful end must not keep others from being killed, so only a kill counts against the parallelism.
        var seconds = (uint)Math.Ceiling(Math.Clamp(grace.TotalSeconds, 0, int.MaxValue));
        if (seconds == 0) await _stops.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            await EngineAsync(
                async answer => seconds > 0
                    ? await _client.Containers.StopContainerAsync(containerId, new() { WaitBeforeKillSeconds = seconds }, answer).ConfigureAwait(false)
                    : await KillAsync(containerId, answer).ConfigureAwait(false),
                cancel, Durations.OfSeconds(grace.TotalSeconds + _options.RequestTimeout.TotalSeconds)).ConfigureAwait(false);
        }
        catch (DockerContainerNotFoundException)
        {
            // Gone is what was asked for.
        }
        finally
        {
            if (seconds == 0) _stops.Release();
        }
    }

    private async Task<bool> KillAsync(string containerId, CancellationToken cancel)
    {
        try
        {
            await _client.Containers.KillContainerAsync(containerId, new() { Signal = "SIGKILL" }, cancel).ConfigureAwait(false);
            await _client.Containers.WaitContainerAsync(containerId, cancel).ConfigureAwait(false);
            return true;
        }
        catch (DockerApiException notRunning) when (notRunning.StatusCode == HttpStatusCode.Conflict)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(string containerId, CancellationToken cancel)
    {
        await _stops.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            await EngineAsync(async answer =>
            {
                await _client.Containers.RemoveContainerAsync(containerId, new() { Force = true, RemoveVolumes = true }, answer).ConfigureAwait(false);
                return true;
            }, cancel).ConfigureAwait(false);
        }
        catch (DockerContainerNotFoundException)
        {
            // Gone is what was asked for.
        }
        catch (DockerApiException underWay) when (underWay.StatusCode == HttpStatusCode.Conflict)
        {
            // "removal of container … is already in progress": whoever asked first finishes it.
        }
        finally
        {
            _stops.Release();
        }
    }

    /// <inheritdoc/>
    public async Task<ContainerState?> InspectAsync(string containerId, CancellationToken cancel)
    {
        try
        {
            return DockerContainers.ToState(
                await EngineAsync(answer => _client.Containers.InspectContainerAsync(containerId, answer), cancel).ConfigureAwait(false));
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ContainerState>> ListAsync(CancellationToken cancel) => ListAsync([$"{ContainerLabels.Node}={_options.NodeName}"], cancel);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> AddressesOfOthersAsync(CancellationToken cancel)
    {
        var all = await ListAsync([ContainerLabels.Node], cancel).ConfigureAwait(false);
        return [.. all
            .Where(c => c.Phase == ContainerPhase.Running && c.Labels.GetValueOrDefault(ContainerLabels.Node) != _options.NodeName)
            .SelectMany(c => ((string[])[ContainerLabels.Address4, ContainerLabels.Address6]).Select(label => c.Labels.GetValueOrDefault(label)))
            .OfType<string>()
            .Where(address => address.Length > 0)];
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ContainerState>> ListPodAsync(string podUid, CancellationToken cancel) =>
        ListAsync([$"{ContainerLabels.Node}={_options.NodeName}", $"{ContainerLabels.PodUid}={podUid}"], cancel);

    private async Task<IReadOnlyList<ContainerState>> ListAsync(string[] labels, CancellationToken cancel)
    {
        var filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = labels.ToDictionary(l => l, _ => true) };
        var listed = await EngineAsync(answer => _client.Containers.ListContainersAsync(new() { All = true, Filters = filters }, answer), cancel).ConfigureAwait(false);
        var states = new ContainerState?[listed.Count];
        await Parallel.ForAsync(0, listed.Count, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancel },
            async (i, token) => states[i] = await InspectAsync(listed[i].ID, token).ConfigureAwait(false)).ConfigureAwait(false);
        return [.. states.OfType<ContainerState>()];
    }

    /// <summary>The engine names what it has: <c>name=seccomp,profile=default</c>, <c>name=apparmor</c>, <c>name=userns</c>.</summary>
    internal static RuntimeIsolation IsolationOf(IEnumerable<string> options)
    {
        var isolation = new RuntimeIsolation();
        foreach (var option in options)
        {
            var parts = option.Split(',');
            isolation = parts[0] switch
            {
                "name=seccomp" => isolation with { Seccomp = true, SeccompByDefault = !parts.Contains("profile=unconfined") },
                "name=apparmor" => isolation with { AppArmor = true },
                "name=selinux" => isolation with { SELinux = true },
                "name=userns" => isolation with { UserNamespaces = true },
                _ => isolation,
            };
        }
        return isolation;
    }

    /// <summary>
    /// Runs a call that has to be answered in time, and turns "the engine is not there" into our own exception; its answers pass through.
    /// </summary>
    /// <param name="within">Not <see cref="DockerRuntimeOptions.RequestTimeout"/>, but this.</param>
    private async Task<T> EngineAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancel, TimeSpan? within = null)
    {
        var limit = within ?? _options.RequestTimeout;
        using var patience = new Patience(limit, cancel, _options.Time);
        try
        {
            return await StreamAsync(() => AnsweredAsync(call(patience.Token), patience.Token)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsOver && !cancel.IsCancellationRequested)
        {
            throw new RuntimeUnavailableException(string.Create(CultureInfo.InvariantCulture,
                $"The Docker daemon at {_options.Endpoint.OriginalString} has not answered within {limit.TotalSeconds} s."));
        }
    }

    /// <summary>The same for what goes on for as long as its caller wants.</summary>
    private async Task<T> StreamAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception failure) when (IsAway(failure))
        {
            throw new RuntimeUnavailableException(
                $"Cannot connect to the Docker daemon at {_options.Endpoint.OriginalString}. Is the docker daemon running?", failure);
        }
    }

    /// <summary>Some ways to connect wrap what failed.</summary>
    private static bool IsAway(Exception failure) => failure is AggregateException many
        ? many.Flatten().InnerExceptions.All(IsAway)
        : failure is HttpRequestException or SocketException or IOException;

    /// <summary>Waits no longer than it may, even where the call takes no notice; what it brings afterwards is thrown away.</summary>
    private static async Task<T> AnsweredAsync<T>(Task<T> call, CancellationToken cancel)
    {
        try
        {
            return await call.WaitAsync(cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!call.IsCompleted)
        {
            _ = call.ContinueWith(
                static late =>
                {
                    if (late.IsCompletedSuccessfully) (late.Result as IDisposable)?.Dispose();
                    else _ = late.Exception;
                },
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>The engine's own words: the <c>message</c> of its answer.</summary>
    internal static string Words(DockerApiException failure)
    {
        try
        {
            using var body = JsonDocument.Parse(failure.ResponseBody ?? "");
            if (body.RootElement.TryGetProperty("message", out var message)) return $"Error response from daemon: {message.GetString()}";
        }
        catch (JsonException)
        {
            // Not every proxy in front of an engine answers with JSON: its text is all there is to say.
        }
        return failure.Message;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _starts.Dispose();
        _stops.Dispose();
        return ValueTask.CompletedTask;
    }
}
