using ActorOrch.Agent.Nodes;
using ActorOrch.Agent.Pods;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Contracts.Streams;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Agent.Streams;

/// <summary>Commands in containers of this machine's pods, and their own processes.</summary>
internal sealed class PodCommands(IContainerRuntime runtime, PodIndex pods)
{
    public async Task<IPodCommand> FindAsync(PodCommandRequest request, CancellationToken cancel)
    {
        if (pods.Find(request.PodUid) is null) throw ApiException.NotFound(BuiltIn.Pods, request.Pod.Name);
        var running = (await ListAsync(runtime, request.PodUid, cancel).ConfigureAwait(false))
            .Where(c => c.Phase == ContainerPhase.Running && c.Labels.GetValueOrDefault(ContainerLabels.ContainerName) == request.Container)
            .MaxBy(c => Adoption.Attempt(c.Labels)) ?? throw NotRunning(request.Container);
        return new Command(runtime, running.Id, request.Command);
    }

    /// <summary>Upstream's words, which do not tell a container that waits from one that has ended.</summary>
    internal static ApiException NotRunning(string container) => new(500, "InternalError", $"container not found (\"{container}\")");

    internal static async Task<IReadOnlyList<ContainerState>> ListAsync(IContainerRuntime runtime, string podUid, CancellationToken cancel)
    {
        try
        {
            return await runtime.ListPodAsync(podUid, cancel).ConfigureAwait(false);
        }
        catch (RuntimeUnavailableException failure)
        {
            throw ApiException.Unavailable(failure.Message);
        }
    }

    private sealed class Command(IContainerRuntime runtime, string containerId, IReadOnlyList<string>? command) : IPodCommand
    {
        public async Task<int> RunAsync(CommandStreams streams, CancellationToken cancel)
        {
            try
            {
                if (command is not null) return await runtime.ExecAsync(containerId, command, streams, cancel).ConfigureAwait(false);
                await runtime.AttachAsync(containerId, streams, cancel).ConfigureAwait(false);
                return 0;
            }
            catch (Exception failure) when (failure is ContainerStartException or RuntimeUnavailableException)
            {
                throw new PodStreamException(failure.Message, failure);
            }
        }
    }
}
