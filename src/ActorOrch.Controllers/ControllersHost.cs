using System.Collections.Concurrent;
using ActorOrch.Controllers.Deployments;
using ActorOrch.Controllers.Events;
using ActorOrch.Controllers.Garbage;
using ActorOrch.Controllers.Namespaces;
using ActorOrch.Controllers.Reconciling;
using ActorOrch.Controllers.ReplicaSets;
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
            actororch-wake = "{{typeof(WakeSerializer).FullName}}, ActorOrch.Controllers"
            actororch-rollout = "{{typeof(RolloutSerializer).FullName}}, ActorOrch.Controllers"
          }
          serialization-bindings {
            "{{typeof(Wake).FullName}}, ActorOrch.Controllers" = actororch-wake
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

    /// <summary>Starts what wakes the reconcilers: one <see cref="WakeFeed"/> for each watched collection, <see cref="LostWakes"/>, and the garbage collector.</summary>
    /// <param name="regions">Where each definition's wakes go, by type name.</param>
    public static void StartFeeds(
        IActorRefFactory system, ReconcilerServices services, IReadOnlyList<ReconcilerDefinition> definitions, IReadOnlyDictionary<string, IActorRef> regions)
    {
        var registry = services.Registry;
        foreach (var type in definitions.SelectMany(d => d.Watches).Select(w => w.Type).Distinct())
        {
            var targets = new List<WakeTarget>();
            foreach (var definition in definitions)
            {
                var keys = definition.Watches.Where(w => w.Type == type).Select(w => w.Keys).ToArray();
                if (keys.Length > 0) targets.Add(new(definition.Primary, regions[definition.TypeName], keys, definition.WakesAll));
            }
            system.ActorOf(WakeFeed.Props(registry[type], registry, targets), "wakes-" + type.GroupResource);
        }
        system.ActorOf(LostWakes.Props(regions.Values), "lost-wakes");
        system.ActorOf(GarbageCollectorActor.Props(services), "garbage-collector");
        foreach (var name in SystemNamespaces.All) services.Wake(NamespaceActor.TypeName, new Wake(ObjectKey.ClusterScoped(name)));
    }
}
