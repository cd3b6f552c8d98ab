using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Timing;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Containers;

/// <summary>Stops containers: until no service sends new connections, then preStop, TERM, and KILL when the grace period is over.</summary>
internal sealed class ContainerStopper(PodEnvironment environment)
{
    /// <summary>What a container is left for TERM when its preStop hook took the whole grace period, as upstream.</summary>
    private static readonly TimeSpan LeastGrace = TimeSpan.FromSeconds(2);
    private readonly Hooks _hooks = new(environment);

    /// <summary>Returns the container's last state, or null where it was removed.</summary>
    /// <param name="drain">The pod is being deleted: wait until it gets no new connections.</param>
    public async Task<ContainerState?> StopAsync(PodContext context, V1Container container, ContainerKind kind, string id, TimeSpan grace, bool drain, CancellationToken cancel)
    {
        var began = environment.Time.GetTimestamp();
        if (drain && context.Pod.Spec.HostNetwork != true)
            await environment.Drain.WhenUnreachableAsync(context.PodAddresses, Durations.Shorter(environment.Options.DrainAtMost, grace), cancel).ConfigureAwait(false);
        if (container.Lifecycle?.PreStop is { } hook && grace > TimeSpan.Zero) await RunPreStopAsync(context, container, kind, id, hook, grace, cancel).ConfigureAwait(false);
        var left = grace - environment.Time.GetElapsedTime(began);
        await environment.Runtime.StopAsync(id, Durations.Longer(left, LeastGrace), cancel).ConfigureAwait(false);
        return await environment.Runtime.InspectAsync(id, cancel).ConfigureAwait(false);
    }

    private async Task RunPreStopAsync(
        PodContext context, V1Container container, ContainerKind kind, string id, V1LifecycleHandler hook, TimeSpan grace, CancellationToken cancel)
    {
        using var limited = new Patience(grace, cancel, environment.Time);
        try
        {
            if (await _hooks.RunAsync(hook, context.Pod, container, id, context.PodAddresses, limited.Token).ConfigureAwait(false) is not null)
                environment.Events.Record(context.Pod, ContainerStarter.FieldPath(container.Name, kind), "Warning", "FailedPreStopHook", "PreStopHook failed");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            environment.Events.Record(context.Pod, ContainerStarter.FieldPath(container.Name, kind), "Warning", "FailedPreStopHook",
                "PreStopHook failed: it did not complete within the grace period");
        }
    }
}
