using System.Net.NetworkInformation;
using ActorOrch.Registry.Clustering;

namespace ActorOrch.Registry.Tests.Clustering;

public sealed class MachineInterfacesTests
{
    [Fact]
    public void A_list_that_changed_while_it_was_read_is_read_again()
    {
        var attempts = 0;

        var read = MachineInterfaces.Read(() => ++attempts < 4 ? throw new ArgumentException("An invalid IP address was specified.") : "lo");

        Assert.Equal(("lo", 4), (read, attempts));
    }

    [Fact]
    public void One_that_can_never_be_read_is_an_error() =>
        Assert.Throws<NetworkInformationException>(() => MachineInterfaces.Read<string>(() => throw new NetworkInformationException()));

    [Fact]
    public void The_machine_has_a_loopback() => Assert.Contains(MachineInterfaces.All(), i => i.NetworkInterfaceType == NetworkInterfaceType.Loopback);
}
