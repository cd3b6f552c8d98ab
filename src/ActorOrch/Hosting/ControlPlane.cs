using ActorOrch.Contracts.Nodes;
using ActorOrch.Controllers;
using ActorOrch.Controllers.Events;
using ActorOrch.Controllers.Nodes;
using ActorOrch.Controllers.Pods;
using ActorOrch.Gateway.Pki;
using ActorOrch.Networking;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Api;
using ActorOrch.Scheduling.Scheduler;
using Akka.Actor;

namespace ActorOrch.Hosting;

/// <summary>The scheduler and the reconcilers.</summary>
internal static class ControlPlane
{
    /// <summary>Starts them and returns the region of the NodeActors, where agents report.</summary>
    public static async Task<IActorRef> StartAsync(
        ActorSystem system, IObjectApi api, IEventRecorder events, HostConfig config, NetworkSettings network, ClusterPki pki, TimeProvider time)
    {
        var regions = await ControllersHost.StartAsync(system, api, new ControllersOptions
        {
            Role = HostConfig.ControlPlaneRole,
            Events = events,
            EventSettings = EventSettings.From(config.Akka),
            Time = time,
            CertificatePem = pki.Authority.Certificate.ExportCertificatePem(),
            Reconcilers = [.. NetworkingHost.Controllers(api.Registry), .. NodesHost.Definitions(api.Registry, NodeSettings.From(system.Settings.Config), time)],
        });
        var scheduler = SchedulerSettings.From(config.Akka);
        SchedulerHost.Start(system, api.Registry, new SchedulingEvents(events, scheduler.Name), scheduler, time, HostConfig.ControlPlaneRole);
        NetworkingHost.StartKubernetesService(system, api, network);
        return regions[NodeRegion.TypeName];
    }

    /// <summary>Reaches the NodeActors from a process that only works.</summary>
    public static Task<IActorRef> StartProxyAsync(ActorSystem system) =>
        ReconcilerRegions.StartProxyAsync(system, NodeRegion.TypeName, HostConfig.ControlPlaneRole, NodeRegion.EntityId);
}
