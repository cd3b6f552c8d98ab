using ActorOrch.Contracts.Nodes;
using ActorOrch.Networking.Addresses;
using ActorOrch.Networking.Kernel;
using ActorOrch.Networking.Kernel.Bridges;
using ActorOrch.Networking.Kernel.Watching;
using ActorOrch.Networking.Services;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;
using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Networking;

/// <summary>The ways into this project. Beside them, <see cref="ServiceAddressAdmission"/> belongs into the API pipeline.</summary>
public static class NetworkingHost
{
    /// <summary>
    /// On every machine that runs pods: programs services into its kernel. Where nftables is missing or not permitted, an error in the log names
    /// the remedy, and the node goes on without services.
    /// </summary>
    /// <param name="events">Told what others change of the machine's network.</param>
    /// <returns>What the agent waits on before it stops a pod.</returns>
    public static IEndpointDrain StartNode(IActorRefFactory system, IRegistry registry, NetworkSettings settings, string nodeName, ILoggingAdapter log, INetworkEvents events, TimeProvider? time = null)
    {
        var clock = time ?? TimeProvider.System;
        var nftables = Nftables.Open(settings);
        var bridge = new PodBridge(settings.BridgeName);
        var network = new LinuxNodeNetwork(settings, bridge, log);
        Func<IKernelWatch> watch = () => new KernelWatch(settings, nftables, bridge);
        var programmer = system.ActorOf(
            Props.Create(() => new ServiceProgrammer(registry, settings, nodeName, nftables, network, watch, events, clock)), "services-" + nodeName);
        return new EndpointDrain(programmer, settings.DrainLinger, clock);
    }

    /// <summary>In every control-plane process: the reconcilers to give to <c>ControllersHost</c>.</summary>
    public static IReadOnlyList<ReconcilerDefinition> Controllers(IRegistry registry) => [ServiceActor.Definition(registry)];

    /// <summary>In every control-plane process: keeps the service <c>default/kubernetes</c>, which leads to <see cref="NetworkSettings.ApiServers"/>.</summary>
    public static IActorRef StartKubernetesService(IActorRefFactory system, IObjectApi api, NetworkSettings settings) =>
        system.ActorOf(Props.Create(() => new KubernetesServiceActor(api, settings)), "kubernetes-service");

    /// <summary>Takes the rules of this instance out of the kernel. Not for a shutdown: services go on while the control plane is away.</summary>
    public static Task CleanupAsync(NetworkSettings settings, CancellationToken cancel = default) =>
        Nftables.Open(settings).ApplyAsync(ServiceTables.RemovalScript(settings), cancel);
}
