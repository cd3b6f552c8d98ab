using System.Net.Sockets;
using ActorOrch.Controllers.Events;
using ActorOrch.Gateway.Pki;
using ActorOrch.Gateway.Serving;
using ActorOrch.Networking.Addresses;
using ActorOrch.Networking.Kernel;
using ActorOrch.Registry.Admission;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Clustering.Pki;
using ActorOrch.Registry.Clustering.Transports;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Health;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Persistence.Keeping;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Catalog;
using ActorOrch.Scheduling.Scheduler;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Hosting;

/// <summary>One process: its part of the cluster, in the order in which it comes up. Everything is put together here and nowhere else.</summary>
internal sealed class Orchestrator : IAsyncDisposable
{
    private static readonly TimeSpan ServiceAccountPatience = TimeSpan.FromSeconds(2);

    private readonly HostConfig _config;
    private readonly DataDirectory _data;
    private readonly ActorSystem _system;
    private readonly StoreGate? _store;
    private readonly StoreWatch _watch;
    private readonly GatewayServer? _gateway;
    private readonly NodeRuntime? _node;
    private readonly NetworkClaim? _claim;

    private Orchestrator(HostConfig config, DataDirectory data, NetworkClaim? claim, StoreGate? store, ActorSystem system, GatewayServer? gateway, NodeRuntime? node, int apiPort)
    {
        _config = config;
        _data = data;
        _claim = claim;
        _store = store;
        _system = system;
        _watch = StoreWatch.Of(system);
        _gateway = gateway;
        _node = node;
        ApiUrl = new($"https://127.0.0.1:{apiPort}");
    }

    public Uri ApiUrl { get; }

    public string KubeconfigPath => _data.KubeconfigPath;

    /// <summary>What there is now, in one line.</summary>
    public string Readiness => _gateway is not null
        ? $"Ready: the API answers at {ApiUrl}; kubeconfig: {KubeconfigPath}"
        : $"Ready: {string.Join(", ", _node?.NodeNames ?? [])} joined the cluster";

    /// <summary>
    /// Completes when the API answers and this machine's nodes are Ready. Throws <see cref="StartupException"/> for what the user can mend, and
    /// <see cref="OperationCanceledException"/> once it is told to end: what is stored is then as after a kill, which the next start takes as it is.
    /// </summary>
    public static async Task<Orchestrator> StartAsync(UpOptions options, CancellationToken cancel)
    {
        try
        {
            // Whoever listens for the signals that end it begins with that once this waits for the first time.
            await Task.Yield();
            return await StartPartsAsync(options, cancel);
        }
        catch (Exception e) when (cancel.IsCancellationRequested && e is not (StartupException or OperationCanceledException))
        {
            // Each part has its own way to say that it was cancelled.
            throw new OperationCanceledException("it was told to end while it started", e, cancel);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException && DiskFailure.Explain(e, options.DataDirectory.FullName) is not null)
        {
            throw new StartupException($"it could not be started: {DiskFailure.Explain(e, options.DataDirectory.FullName)}", e);
        }
    }

    private static async Task<Orchestrator> StartPartsAsync(UpOptions options, CancellationToken cancel)
    {
        var time = TimeProvider.System;
        DataDirectory.Require(options.DataDirectory);
        // Of one that is in use one has to hear first. One that is not there is made once nothing else stands in the way.
        var opened = options.DataDirectory.Exists ? DataDirectory.Open(options.DataDirectory) : null;
        var config = HostConfig.Load(options);
        foreach (var warning in config.Warnings) await Console.Error.WriteLineAsync($"actororch: warning: {warning}");
        if (config.IsControlPlane) PortCheck.Require(config.Network.ApiAddress, options.ApiPort);
        var claim = await MachineNetwork.ClaimAsync(options, config, cancel);
        foreach (var shared in claim?.Shared ?? []) await Console.Error.WriteLineAsync($"actororch: warning: {shared}");
        var data = opened ?? DataDirectory.Open(options.DataDirectory);
        DiskFailure.RequireRoom(data.Path);
        var store = config.IsControlPlane ? await StoreGate.OpenAsync(data, config, time) : null;
        if (store is null) data.Mark();
        // The keys of a process that only works, and the engine's answer, take a while; neither needs the actors.
        var pki = store is null ? Task.Run(() => Keys.Load(data, config, time), cancel) : Task.FromResult(store.Pki);
        var runtime = config.IsWorker ? NodeRuntime.OpenAsync(options, config, data, time, cancel) : null;
        RequireKeys(config, time);
        var system = Create(config, store);
        Unawaited.LogTo(system);
        foreach (var replaced in store?.Pki.Replaced ?? []) system.Log.Warning("{0}", replaced);
        if (store is not null) StoreWatch.Of(system).Keep(data.Written(config.Akka), [data.LockPath], data.Renewed());
        await JoinAsync(system, config, cancel);
        var registry = await StartRegistryAsync(system, data, config, NodeRuntime.NamesOf(options, config), cancel);
        var network = config.Network.Settings(config.Node.Addresses, options.ApiPort);
        var api = new ObjectApi(
            registry,
            [
                new NamespaceLifecycle(),
                new ServiceAccountAdmission(ServiceAccountPatience),
                new PriorityAdmission(),
                new RuntimeClassAdmission(),
                new DefaultTolerationSeconds(config.Node.DefaultTolerationSeconds),
                new ServiceAddressAdmission(network, Random.Shared),
            ],
            time, Random.Shared);
        var events = EventRecorder.Start(system, api, time);
        var node = runtime is null ? null : await runtime;
        var gateway = config.IsControlPlane
            ? new GatewayServer(new()
            {
                Api = api,
                NodeStreams = node?.Streams ?? NoNodeStreams.Instance,
                Pki = await pki,
                Tokens = [ClusterPki.AdministratorIdentity((await pki).AdministratorToken)],
                Address = config.Network.ApiAddress,
                Port = options.ApiPort,
                Time = time,
                Readiness = Checks(system, registry, config, node, time),
                Logging = new AkkaLoggerFactory(system),
            })
            : null;
        // Everything that is stored can be read and written from here on. Who acts on it comes up next: over a large cluster that is seconds
        // of work, and an API that starts amid it waits for threads.
        if (gateway is not null) await StartGatewayAsync(gateway, options.ApiPort, cancel);
        var nodeRegion = config.IsControlPlane
            ? await ControlPlane.StartAsync(system, api, events, config, network, await pki, time)
            : await ControlPlane.StartProxyAsync(system);
        if (node is not null) await node.StartAsync(system, registry, nodeRegion, network, events, time, cancel);
        var orchestrator = new Orchestrator(config, data, claim, store, system, gateway, node, options.ApiPort);
        if (config.IsControlPlane) WriteKubeconfig(data, orchestrator.ApiUrl, await pki);
        if (node is not null) await NodeReadiness.WaitAsync(registry[BuiltIn.Nodes], node.NodeNames, cancel);
        if (store is not null) await StoreGate.NoteRowsAsync(config, system.Log);
        return orchestrator;
    }

    /// <summary>Completes when told to stop, or throws when the actor system ends by itself.</summary>
    public async Task RunUntilAsync(CancellationToken cancel)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancel.Register(() => stop.TrySetResult());
        if (await Task.WhenAny(stop.Task, _system.WhenTerminated) == _system.WhenTerminated && !cancel.IsCancellationRequested)
            throw new StartupException("the actor system has ended: this process was removed from its cluster. Start it again.");
    }

    /// <summary>Stops listening, leaves the cluster, ends. Containers and service rules stay: the next start picks them up.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        await CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClrExitReason.Instance);
        if (_node is not null) await _node.DisposeAsync();
        _claim?.Dispose();
        _store?.Close(_config, _watch);
        _data.Dispose();
    }

    /// <summary>Now, and whenever the certificate in it is renewed.</summary>
    private static void WriteKubeconfig(DataDirectory data, Uri server, ClusterPki pki)
    {
        pki.Renewed += () => KubeconfigWriter.Write(data.Path, server, pki);
        KubeconfigWriter.Write(data.Path, server, pki);
    }

    /// <summary>What <c>/readyz</c> asks, in the order in which it says so.</summary>
    private static IHealthCheck[] Checks(ActorSystem system, IRegistry registry, HostConfig config, NodeRuntime? node, TimeProvider time) =>
    [
        StoreHealthCheck.Start(system, config.Node.Name, time),
        new RegistryHealthCheck(registry),
        new RecordsHealthCheck(system),
        new SchedulerHealthCheck(system),
        .. node is null ? [] : new IHealthCheck[] { new AgentHealthCheck(registry[BuiltIn.Nodes], node.NodeNames) },
    ];

    private static async Task<ClusterRegistry> StartRegistryAsync(
        ActorSystem system, DataDirectory data, HostConfig config, IReadOnlyList<string> nodes, CancellationToken cancel)
    {
        try
        {
            return await ClusterRegistry.StartAsync(system, Mirrored(config), RegistrySettings.From(config.Akka) with { Nodes = nodes }, cancel);
        }
        catch (StoreDamagedException damaged)
        {
            throw new StartupException($"the store is damaged: {damaged.Message}\n{StartupException.WhatToDo(data.Path, config.File)}", damaged);
        }
        catch (Exception e) when (e is Akka.Configuration.ConfigurationException or ArgumentException or TypeLoadException)
        {
            // Persistence and sharding read their settings now.
            throw new StartupException($"the configuration cannot be used: {HostConfig.OneLine(e.GetBaseException().Message)}", e);
        }
    }

    /// <summary>Between processes there is nothing but mutual TLS: without keys for it a process does not start.</summary>
    private static void RequireKeys(HostConfig config, TimeProvider time)
    {
        if (ClusterTransports.IsAlone(config.Akka)) return;
        try
        {
            NodeCredentials.Open(config.Akka, time);
        }
        catch (Exception e) when (e is NodeKeysException or ConfigurationException or IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"the cluster's TLS cannot be used: {e.Message}", e);
        }
    }

    /// <summary>A process that only works mirrors what it needs for that, and of these what is its nodes' alone; its certificate does not let it follow more.</summary>
    private static IReadOnlyList<ResourceType> Mirrored(HostConfig config)
    {
        if (config.IsControlPlane) return [.. BuiltIn.All, BuiltIn.CustomResourceDefinitions];
        var names = config.Akka.GetStringList(ClusterRegistry.WorkerCollections).ToHashSet();
        return [.. BuiltIn.All.Where(type => names.Contains(type.Collection))];
    }

    /// <summary>Completes when this process is a member: sharding that starts earlier has nobody to ask and says so again and again.</summary>
    private static async Task JoinAsync(ActorSystem system, HostConfig config, CancellationToken cancel)
    {
        var cluster = Usable(() => Akka.Cluster.Cluster.Get(system));
        // Without seed nodes a process is a cluster of its own; with them, Akka joins them by itself.
        if (config.Akka.GetStringList("akka.cluster.seed-nodes").Count == 0)
        {
            await JoinItselfAsync(cluster, cancel);
            return;
        }
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.RegisterOnMemberUp(() => up.TrySetResult());
        await up.Task.WaitAsync(cancel);
    }

    private static async Task JoinItselfAsync(Akka.Cluster.Cluster cluster, CancellationToken cancel)
    {
        try
        {
            await cluster.JoinAsync(cluster.SelfAddress, cancel);
        }
        catch (Akka.Cluster.ClusterJoinFailedException) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
        catch (Akka.Cluster.ClusterJoinFailedException e)
        {
            throw new StartupException($"this process could not begin its cluster: {HostConfig.OneLine(e.Message)}", e);
        }
    }

    private static ActorSystem Create(HostConfig config, StoreGate? store) => Usable(() => ActorSystem.Create("actororch", config.AkkaOf(store)));

    /// <summary>Akka reads its settings as it needs them, and fails in as many ways as there are settings.</summary>
    private static T Usable<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (Exception e) when (e is not StartupException)
        {
            throw new StartupException($"the configuration cannot be used: {HostConfig.OneLine(e.GetBaseException().Message)}", e);
        }
    }

    private static async Task StartGatewayAsync(GatewayServer gateway, int port, CancellationToken cancel)
    {
        try
        {
            await gateway.StartAsync(cancel);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new StartupException($"the API cannot listen on port {port}: {e.Message}", e);
        }
    }
}
