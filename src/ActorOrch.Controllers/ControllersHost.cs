using System.Collections.Concurrent;
using ActorOrch.Controllers.Deployments;
using ActorOrch.Controllers.Events;
using ActorOrch.Controllers.Reconciling;
using ActorOrch.Registry;
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

    /// <summary>Reconcilers beside those of this project's own kinds.</summary>
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

    /// <summary>
    /// Starts a region for each kind of reconciler and, once all are there, the feeds that wake them. Returns the regions by type name.
    /// </summary>
    public static async Task<IReadOnlyDictionary<string, IActorRef>> StartAsync(ActorSystem system, IObjectApi api, ControllersOptions options)
    {
        var regions = new ConcurrentDictionary<string, IActorRef>();
        var services = new ReconcilerServices(api, options.Events, options.Time, options.Random, Send);
        foreach (var definition in options.Reconcilers)
            regions[definition.TypeName] = await ReconcilerRegions.StartAsync(system, definition, services, options.Role);
        StartFeeds(system, api.Registry, options.Reconcilers, regions);
        return regions;

        void Send(string typeName, object message)
        {
            if (regions.TryGetValue(typeName, out var region)) region.Tell(message);
            else system.Log.Warning("There is no region {0} for {1}", typeName, message);
        }
    }

    /// <summary>Starts one <see cref="WakeFeed"/> for each watched collection.</summary>
    public static void StartFeeds(
        IActorRefFactory system, IRegistry registry, IReadOnlyList<ReconcilerDefinition> definitions, IReadOnlyDictionary<string, IActorRef> regions)
    {
        foreach (var type in definitions.SelectMany(d => d.Watches).Select(w => w.Type).Distinct())
        {
            var targets = new List<WakeTarget>();
            foreach (var definition in definitions)
            {
                var keys = definition.Watches.Where(w => w.Type == type).Select(w => w.Keys).ToArray();
                if (keys.Length > 0) targets.Add(new(definition.Primary, regions[definition.TypeName], keys));
            }
            system.ActorOf(WakeFeed.Props(registry[type], registry, targets), "wakes-" + type.GroupResource);
        }
    }
}
