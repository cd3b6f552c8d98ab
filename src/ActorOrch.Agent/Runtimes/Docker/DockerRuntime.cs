using System.Net;
using System.Net.Sockets;
using System.Text.Json;
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
    public Task<RuntimeInfo> InfoAsync(CancellationToken cancel) => EngineAsync(async () =>
    {
        var info = await _client.System.GetSystemInfoAsync(cancel).ConfigureAwait(false);
        var sharesMachine = Environment.IsPrivilegedProcess && info.Name == Environment.MachineName;
        return new RuntimeInfo(
            $"docker://{info.ServerVersion}", info.OperatingSystem, info.Architecture, info.KernelVersion, (int)info.NCPU, info.MemTotal)
        {
            SharesMachine = sharesMachine,
            SharesMounts = sharesMachine && await EnginePeer.SharesMountsAsync(_options.Endpoint, cancel).ConfigureAwait(false),
            Isolation = IsolationOf(info.SecurityOptions ?? []),
        };
    });

    /// <inheritdoc/>
    public async Task<string> CreateAsync(ContainerSpec spec, CancellationToken cancel)
    {
        var parameters = DockerContainers.ToParameters(spec, _options.NodeName, _ownIPv6);
        await _starts.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            // The engine finishes what it has begun: whoever gives up now would leave a container that nobody knows of.
            var created = await EngineAsync(() => _client.Containers.CreateContainerAsync(parameters, CancellationToken.None)).ConfigureAwait(false);
            if (spec.Network is NetworkMode.Own { Address4: { } address4 }) Claim(address4, created.ID);
            if (_ownIPv6 && spec.Network is NetworkMode.Own { Address6: { } address6 }) _addresses6[created.ID] = address6;
            return created.ID;
        }
        catch (DockerApiException taken) when (taken.StatusCode == HttpStatusCode.Conflict)
        {
            var existing = await EngineAsync(() => _client.Containers.InspectContainerAsync(spec.Name, cancel)).ConfigureAwait(false);
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
            await EngineAsync(() => _client.Containers.StartContainerAsync(containerId, new(), cancel)).ConfigureAwait(false);
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
            await EngineAsync(async () => seconds > 0
                ? await _client.Containers.StopContainerAsync(containerId, new() { WaitBeforeKillSeconds = seconds }, cancel).ConfigureAwait(false)
                : await KillAsync(containerId, cancel).ConfigureAwait(false)).ConfigureAwait(false);
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
            await EngineAsync(async () =>
            {
                await _client.Containers.RemoveContainerAsync(containerId, new() { Force = true, RemoveVolumes = true }, cancel).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
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
                await EngineAsync(() => _client.Containers.InspectContainerAsync(containerId, cancel)).ConfigureAwait(false));
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
        var listed = await EngineAsync(() => _client.Containers.ListContainersAsync(new() { All = true, Filters = filters }, cancel)).ConfigureAwait(false);
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

    /// <summary>Runs a call and turns "the engine is not there" into our own exception; the engine's answers pass through.</summary>
    private async Task<T> EngineAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException or IOException)
        {
            throw new RuntimeUnavailableException(
                $"Cannot connect to the Docker daemon at {_options.Endpoint}. Is the docker daemon running?", failure);
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
