using System.Net;
using ActorOrch.Networking.Kernel;

namespace ActorOrch.Networking.Tests.Machines;

/// <summary>The network of a <see cref="TestMachine"/>, or of none.</summary>
internal sealed class TestNodeNetwork(string? host = null, bool bridgeFiltered = true) : INodeNetwork
{
    public bool BridgeFiltered => bridgeFiltered;

    public Task PrepareAsync(CancellationToken cancel) => Task.CompletedTask;

    public void PreparePodBridge()
    {
    }

    public void ForgetUdpTarget(UdpTarget target) => Forget(() => Conntrack.ForgetTarget(IPAddress.Parse(target.Address), target.Port));

    public void ForgetUdpFront(UdpTarget front) => Forget(() => Conntrack.ForgetFront(IPAddress.Parse(front.Address), front.Port));

    private void Forget(Func<int> forget)
    {
        if (host is not null) Assert.Equal(0, NetworkNamespace.Run(host, forget));
    }
}
