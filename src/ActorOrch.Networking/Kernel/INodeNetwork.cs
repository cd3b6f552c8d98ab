namespace ActorOrch.Networking.Kernel;

/// <summary>What services need of the machine besides nftables.</summary>
public interface INodeNetwork
{
    /// <summary>Whether packets between ports of a bridge pass netfilter: <c>bridge-nf-call-iptables</c> and the same for IPv6.</summary>
    bool BridgeFiltered { get; }

    /// <summary>Once, before rules are programmed: forwarding, and passage through another's forward policy of DROP.</summary>
    Task PrepareAsync(CancellationToken cancel);

    /// <summary>
    /// Puts right what others have changed of the machine's settings, of the way through another's forward policy, and of the pod bridge. Says what
    /// was not as it has to be, a part of a sentence each.
    /// </summary>
    Task<IReadOnlyList<string>> RestoreAsync(CancellationToken cancel);

    /// <summary>After local endpoints have changed: lets the pod bridge carry services of localhost and a pod's traffic to itself.</summary>
    void PreparePodBridge();

    /// <summary>Flows of a UDP endpoint that was removed.</summary>
    void ForgetUdpTarget(UdpTarget target);

    /// <summary>Flows to a UDP service address that led nowhere until now.</summary>
    void ForgetUdpFront(UdpTarget front);
}
