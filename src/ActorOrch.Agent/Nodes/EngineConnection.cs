using ActorOrch.Agent.Runtimes;
using Akka.Actor;

namespace ActorOrch.Agent.Nodes;

/// <summary>
/// One time that the engine is there, from its first answer until it is lost. Each has one listener, which has ended before the next one
/// begins; what an older one still has to say is known by its number.
/// </summary>
internal sealed class EngineConnection(int number, IContainerRuntime runtime, IActorRef agent, CancellationToken stop) : IDisposable
{
    private readonly CancellationTokenSource _lost = CancellationTokenSource.CreateLinkedTokenSource(stop);
    private Task _listening = Task.CompletedTask;

    public int Number => number;

    /// <summary>Listens first and lists afterwards, so that nothing that happens in between is missed.</summary>
    /// <param name="before">The connection before this one.</param>
    public async Task<AgentMessages.EngineUp> OpenAsync(PodNetworkSpec network, EngineConnection? before, TimeProvider time)
    {
        if (before is not null) await before.CloseAsync().ConfigureAwait(false);
        // Quick to find out, where all the others would wait.
        await runtime.PingAsync(_lost.Token).ConfigureAwait(false);
        var info = await runtime.InfoAsync(_lost.Token).ConfigureAwait(false);
        await runtime.PrepareAsync(network, _lost.Token).ConfigureAwait(false);
        _listening = ListenAsync(time.GetUtcNow());
        var others = await runtime.AddressesOfOthersAsync(_lost.Token).ConfigureAwait(false);
        return new(number, info, await runtime.ListAsync(_lost.Token).ConfigureAwait(false), others);
    }

    /// <summary>Asks whether the engine still answers; tells the agent where it does not.</summary>
    public async Task CheckAsync()
    {
        try
        {
            await runtime.PingAsync(_lost.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_lost.IsCancellationRequested)
        {
            // It is known already.
        }
        catch (Exception failure)
        {
            agent.Tell(new AgentMessages.EngineDown(number, failure));
        }
    }

    /// <summary>Completes when its listener has ended. Never fails.</summary>
    public async Task CloseAsync()
    {
        await _lost.CancelAsync().ConfigureAwait(false);
        await _listening.ConfigureAwait(false);
    }

    public void Dispose()
    {
        _lost.Cancel();
        _lost.Dispose();
    }

    private async Task ListenAsync(DateTimeOffset since)
    {
        try
        {
            await foreach (var happened in runtime.EventsAsync(since, _lost.Token).ConfigureAwait(false)) agent.Tell(new AgentMessages.EngineEvent(number, happened));
        }
        catch (OperationCanceledException) when (_lost.IsCancellationRequested)
        {
            // Another connection takes over, or the agent stops.
        }
        catch (Exception failure)
        {
            agent.Tell(new AgentMessages.EngineDown(number, failure));
        }
    }
}
