using System.Net;
using ActorOrch.Networking.Kernel;

namespace ActorOrch.Networking.Tests.Machines;

/// <summary>The network of a <see cref="TestMachine"/>, or of none.</summary>
/// <param name="restore">What is put right, told by what was not.</param>
internal sealed class TestNodeNetwork(string? host = null, bool bridgeFiltered = true, Func<IReadOnlyList<string>>? restore = null) : INodeNetwork
{
    public bool BridgeFiltered => bridgeFiltered;

    public Task PrepareAsync(CancellationToken cancel) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> RestoreAsync(CancellationToken cancel) => Task.FromResult(restore?.Invoke() ?? []);

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
