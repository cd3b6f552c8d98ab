using ActorOrch.Agent;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Runtimes.Docker;
using ActorOrch.Agent.Runtimes.Simulated;
using ActorOrch.Agent.Streams;
using ActorOrch.Contracts.Nodes;
using ActorOrch.Contracts.Streams;
using ActorOrch.Networking;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Timing;
using Akka.Actor;
using Akka.Event;
using Docker.DotNet;

namespace ActorOrch.Hosting;

/// <summary>The worker's half of a process: its container runtime, and the agents of its nodes.</summary>
internal sealed class NodeRuntime : IAsyncDisposable
{
    private static readonly Uri DefaultEngine = new("unix:///var/run/docker.sock");

    /// <summary>An engine under load takes seconds to make a network; one that takes longer than this is stuck.</summary>
    private static readonly TimeSpan EnginePatience = TimeSpan.FromSeconds(60);

    private readonly UpOptions _options;
    private readonly HostConfig _config;
    private readonly DataDirectory _data;
    private readonly LocalNodeStreamsLocator _streams = new();
    private readonly IContainerRuntime _runtime;

    private NodeRuntime(UpOptions options, HostConfig config, DataDirectory data, IContainerRuntime runtime, IReadOnlyList<string> nodeNames)
    {
        _options = options;
        _config = config;
        _data = data;
        _runtime = runtime;
        NodeNames = nodeNames;
    }

    /// <summary>Where Docker's engine is. Throws <see cref="StartupException"/> where that is no address.</summary>
    public static Uri Engine
    {
        get
        {
            if (Environment.GetEnvironmentVariable("DOCKER_HOST") is not { Length: > 0 } host) return DefaultEngine;
            return Uri.TryCreate(host, UriKind.Absolute, out var address) && address.Scheme is "unix" or "tcp" or "http" or "https" or "npipe"
                ? address
                : throw new StartupException($"DOCKER_HOST: \"{host}\" is not the address of an engine: it must be one as unix:///var/run/docker.sock or tcp://192.0.2.1:2376");
        }
    }

    public IReadOnlyList<string> NodeNames { get; }

    public INodeStreamsLocator Streams => _streams;

    /// <summary>Of the nodes that a process is to have.</summary>
    public static IReadOnlyList<string> NamesOf(UpOptions options, HostConfig config) => options.Runtime != RuntimeNames.Simulated || options.Nodes == 1
        ? [config.Node.Name]
        : [.. Enumerable.Range(1, options.Nodes).Select(i => $"{config.Node.Name}-{i}")];

    /// <summary>Makes sure that the engine answers and the pod network is there. Throws <see cref="StartupException"/> where it does not.</summary>
    public static async Task<NodeRuntime> OpenAsync(UpOptions options, HostConfig config, DataDirectory data, TimeProvider time, CancellationToken cancel)
    {
        if (options.Runtime == RuntimeNames.Simulated)
        {
            var names = NamesOf(options, config);
            return new(options, config, data, new SimulatedRuntime(names[0], time), names);
        }
        var engine = Engine;
        // The cluster's id keeps the containers of several clusters on one engine apart.
        var docker = new DockerRuntime(new()
        {
            NodeName = $"{data.ClusterId}/{config.Node.Name}",
            Endpoint = engine,
            MountDirectory = DirectoryOf(data, config.Node.Name),
        });
        using var patience = new Patience(EnginePatience, cancel, time);
        try
        {
            await docker.PingAsync(patience.Token);
            await docker.PrepareAsync(config.Network.PodNetwork, patience.Token);
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            await docker.DisposeAsync();
            throw new StartupException(
                $"Docker's engine at {engine.OriginalString} has not made the network {config.Network.PodNetwork.Name} within {EnginePatience.TotalSeconds:0} s: it is stuck or overloaded.", e);
        }
        catch (Exception e) when (e is RuntimeUnavailableException or DockerApiException or PodNetworkException)
        {
            await docker.DisposeAsync();
            throw e is PodNetworkException
                ? new StartupException($"{e.Message}: choose another range (actororch.network.local-pod-cidrs, within pod-cidrs) or another bridge (actororch.network.bridge) in the file of --config, or remove the network that is in the way (docker network ls)", e)
                : MachineNetwork.Unreachable(engine, e);
        }
        return new(options, config, data, docker, [config.Node.Name]);
    }

    /// <summary>Programs services into this machine's kernel and starts the agents of its nodes.</summary>
    public async Task StartAsync(
        ActorSystem system, IRegistry registry, IActorRef nodeRegion, NetworkSettings network, IEventRecorder events, TimeProvider time, CancellationToken cancel)
    {
        if (NodeNames.Count > 1)
        {
            var simulated = AgentHost.StartSimulated(system, [.. NodeNames.Select(Options)], await _runtime.InfoAsync(cancel), registry, nodeRegion, time);
            foreach (var node in NodeNames) _streams.Add(node, simulated.Streams);
            return;
        }
        var name = NodeNames[0];
        var drain = _options.Runtime == RuntimeNames.Docker
            ? NetworkingHost.StartNode(system, registry, network, name, Logging.GetLogger(system, typeof(NetworkingHost)), new NetworkEvents(events, name), time)
            : NothingToDrain.Instance;
        var agent = AgentHost.Start(system, Options(name), _runtime, registry, nodeRegion, drain, new PodEvents(events, name), time);
        _streams.Add(name, agent.Streams);
    }

    public ValueTask DisposeAsync() => _runtime.DisposeAsync();

    private AgentOptions Options(string name) => new()
    {
        NodeName = name,
        DataDirectory = DirectoryOf(_data, name),
        HostAddresses = _config.Node.Addresses,
        PodNetwork = _config.Network.PodNetwork,
        MaxPods = _config.Node.MaxPods,
        SeccompProfiles = _config.Node.SeccompProfiles,
        AllowedUnsafeSysctls = _config.Node.AllowedUnsafeSysctls,
    };

    /// <summary>Simulated pods have no connections to lose.</summary>
    private sealed class NothingToDrain : IEndpointDrain
    {
        public static readonly NothingToDrain Instance = new();

        public Task WhenUnreachableAsync(IReadOnlyList<string> podAddresses, TimeSpan atMost, CancellationToken cancel) => Task.CompletedTask;
    }

    private static string DirectoryOf(DataDirectory data, string node) => Path.Combine(data.Path, "nodes", node);
}
