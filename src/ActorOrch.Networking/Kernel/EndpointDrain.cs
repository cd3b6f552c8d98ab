using ActorOrch.Contracts.Nodes;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Timing;
using Akka.Actor;

namespace ActorOrch.Networking.Kernel;

/// <summary>Waits on the <see cref="ServiceProgrammer"/> for the rules to leave a pod alone, then a moment for connections that were on their way.</summary>
public sealed class EndpointDrain(IActorRef programmer, TimeSpan linger, TimeProvider time) : IEndpointDrain
{
    public async Task WhenUnreachableAsync(IReadOnlyList<string> podAddresses, TimeSpan atMost, CancellationToken cancel)
    {
        if (podAddresses.Count == 0 || atMost <= TimeSpan.Zero) return;
        var asked = time.GetTimestamp();
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        programmer.Tell(new AwaitUnreachable(podAddresses, done));
        using var patience = new Patience(atMost, cancel, time);
        try
        {
            if (!await done.Task.WaitAsync(patience.Token)) return;
        }
        catch (OperationCanceledException)
        {
            programmer.Tell(new GiveUp(done));
            cancel.ThrowIfCancellationRequested();
            return;
        }
        var left = atMost - time.GetElapsedTime(asked);
        await time.WaitAsync(Durations.Shorter(linger, left), cancel);
    }
}
