namespace ActorOrch.Contracts.Nodes;

/// <summary>Tells an agent when a pod that is terminating gets no new connections, so that it can stop it without losing one.</summary>
public interface IEndpointDrain
{
    /// <summary>
    /// Completes once no service rule on this machine sends new connections to any of the addresses, or at the latest after
    /// <paramref name="atMost"/>. Completes at once where no service ever did.
    /// </summary>
    Task WhenUnreachableAsync(IReadOnlyList<string> podAddresses, TimeSpan atMost, CancellationToken cancel);
}
