using System.Collections.Concurrent;
using ActorOrch.Controllers.CustomKinds;
using ActorOrch.Controllers.Deployments;
using ActorOrch.Controllers.Events;
using ActorOrch.Controllers.Garbage;
using ActorOrch.Controllers.Namespaces;
using ActorOrch.Controllers.ReplicaSets;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Objects;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace ActorOrch.Controllers;

/// <summary>How the controllers of a process are set up.</summary>
public sealed record ControllersOptions
{
    /// <summary>The cluster role of processes that run reconcilers; null for every process.</summary>
    public string? Role { get; init; } = "control-plane";

    /// <summary>Writes events; shared with the other parts of the process.</summary>
    public required IEventRecorder Events { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
    public Random Random { get; init; } = Random.Shared;

    /// <summary>The CA that the API's certificate comes from, as PEM; every namespace gets it as <c>kube-root-ca.crt</c>.</summary>
    public required string CertificatePem { get; init; }

    /// <summary>How long events are kept, and how many.</summary>
    public EventSettings EventSettings { get; init; } = new();

    /// <summary>Reconcilers beside those of namespaces, Deployments and ReplicaSets.</summary>
    public IReadOnlyList<ReconcilerDefinition> Reconcilers { get; init; } = [];
}

/// <summary>The reconcilers of a control-plane process.</summary>
public static class ControllersHost
{
    /// <summary>The serializers of what this project sends; a fallback for the process's HOCON.</summary>
    public static Config DefaultConfig { get; } = ConfigurationFactory.ParseString($$"""
        akka.actor {
          serializers {
            actororch-rollout = "{{typeof(RolloutSerializer).FullName}}, ActorOrch.Controllers"
          }
          serialization-bindings {
            "{{typeof(RolloutEvent).FullName}}, ActorOrch.Controllers" = actororch-rollout
            "{{typeof(RolloutState).FullName}}, ActorOrch.Controllers" = actororch-rollout
          }
        }
        """);

    /// <summary>The reconcilers of the kinds that are this project's own.</summary>
    public static IReadOnlyList<ReconcilerDefinition> BuiltInReconcilers(IRegistry registry, string certificatePem) =>
    [
        NamespaceActor.Definition(registry, certificatePem),
        DeploymentActor.Definition(registry),
        ReplicaSetActor.Definition(registry, ReplicaKind.ReplicaSet),
        ReplicaSetActor.Definition(registry, ReplicaKind.ReplicationController),
        CustomKindActor.Definition(registry),
    ];

    /// <summary>
    /// Starts a region for each kind of reconciler and, once all are there, the feeds that wake them, the garbage collector, the expiry of
    /// events and the system's own namespaces. Returns the regions by type name.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, IActorRef>> StartAsync(ActorSystem system, IObjectApi api, ControllersOptions options)
    {
        var regions = new ConcurrentDictionary<string, IActorRef>();
        var services = new ReconcilerServices(api, options.Events, options.Time, options.Random, Send);
        IReadOnlyList<ReconcilerDefinition> definitions = [.. BuiltInReconcilers(api.Registry, options.CertificatePem), .. options.Reconcilers];
        foreach (var definition in definitions)
            regions[definition.TypeName] = await ReconcilerRegions.StartAsync(system, definition, services, options.Role);
        StartFeeds(system, services, definitions, regions);
        system.ActorOf(EventExpiryActor.Props(api, options.EventSettings, options.Time, options.Random), "event-expiry");
        return regions;

        void Send(string typeName, object message)
        {
            if (regions.TryGetValue(typeName, out var region)) region.Tell(message);
            else system.Log.Warning("There is no region {0} for {1}", typeName, message);
        }
    }

    /// <summary>Starts what wakes the reconcilers, the garbage collector among them, and sees to the system's own namespaces.</summary>
    /// <param name="regions">Where each definition's wakes go, by type name.</param>
    public static void StartFeeds(
        IActorRefFactory system, ReconcilerServices services, IReadOnlyList<ReconcilerDefinition> definitions, IReadOnlyDictionary<string, IActorRef> regions)
    {
        WakeFeeds.Start(system, services, definitions, regions);
        system.ActorOf(GarbageCollectorActor.Props(services), "garbage-collector");
        foreach (var name in SystemNamespaces.All) services.Wake(NamespaceActor.TypeName, new Wake(ObjectKey.ClusterScoped(name)));
    }
}
