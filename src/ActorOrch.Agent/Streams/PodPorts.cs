using ActorOrch.Agent.Nodes;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Contracts.Streams;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Agent.Streams;

/// <summary>The ports of a pod of this machine.</summary>
internal sealed class PodPorts : IPodPorts
{
    private readonly IContainerRuntime _runtime;
    private readonly string _podUid;
    private ContainerState _holder;

    private PodPorts(IContainerRuntime runtime, string podUid, ContainerState holder)
    {
        _runtime = runtime;
        _podUid = podUid;
        _holder = holder;
    }

    public static async Task<IPodPorts> FindAsync(IContainerRuntime runtime, PodIndex pods, ObjectKey key, string podUid, CancellationToken cancel)
    {
        if (pods.Find(podUid) is null) throw ApiException.NotFound(BuiltIn.Pods, key.Name);
        var holder = await HolderAsync(runtime, podUid, cancel).ConfigureAwait(false)
            ?? throw new ApiException(500, "InternalError", $"pod not found (\"{key.Name}_{key.Namespace}\")");
        return new PodPorts(runtime, podUid, holder);
    }

    /// <inheritdoc/>
    public async Task ForwardAsync(int port, Stream fromClient, Stream toClient, CancellationToken cancel)
    {
        try
        {
            // A session lasts for hours: the container that was found first may have been replaced by now.
            _holder = await _runtime.InspectAsync(_holder.Id, cancel).ConfigureAwait(false) is { Phase: ContainerPhase.Running } state
                ? state
                : await HolderAsync(_runtime, _podUid, cancel).ConfigureAwait(false) ?? throw new PodStreamException("nothing of the pod is running");
            await _runtime.ForwardAsync(_holder, port, fromClient, toClient, cancel).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is ContainerStartException or RuntimeUnavailableException or ApiException)
        {
            throw new PodStreamException(failure.Message, failure);
        }
    }

    /// <summary>Any running container will do, as all of a pod are in one network namespace; the sandbox outlives the others.</summary>
    private static async Task<ContainerState?> HolderAsync(IContainerRuntime runtime, string podUid, CancellationToken cancel) =>
        (await PodCommands.ListAsync(runtime, podUid, cancel).ConfigureAwait(false))
            .Where(c => c.Phase == ContainerPhase.Running)
            .MaxBy(c => c.Labels.GetValueOrDefault(ContainerLabels.ContainerName) == ContainerLabels.SandboxName);
}
