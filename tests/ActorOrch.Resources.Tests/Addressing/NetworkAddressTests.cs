using System.Net;
using System.Net.Sockets;
using ActorOrch.Resources.Addressing;
using CsCheck;

namespace ActorOrch.Resources.Tests.Addressing;

public class NetworkAddressTests
{
    [Theory]
    [InlineData("10.0.0.1", AddressScope.Unicast)]
    [InlineData("2001:db8::1", AddressScope.Unicast)]
    [InlineData("fd00::1", AddressScope.Unicast)]
    [InlineData("::ffff:10.0.0.1", AddressScope.Unicast)]
    [InlineData("0.0.0.0", AddressScope.Unspecified)]
    [InlineData("0.1.2.3", AddressScope.Unspecified)]
    [InlineData("::", AddressScope.Unspecified)]
    [InlineData("0:0:0:0:0:0:0:0", AddressScope.Unspecified)]
    [InlineData("::ffff:0.0.0.0", AddressScope.Unspecified)]
    [InlineData("127.0.0.1", AddressScope.Loopback)]
    [InlineData("127.255.255.254", AddressScope.Loopback)]
    [InlineData("::1", AddressScope.Loopback)]
    [InlineData("::ffff:127.0.0.1", AddressScope.Loopback)]
    [InlineData("::FFFF:7f00:1", AddressScope.Loopback)]
    [InlineData("::ffff:0:127.0.0.1", AddressScope.Loopback)]
    [InlineData("::127.0.0.1", AddressScope.Loopback)]
    [InlineData("64:ff9b::127.0.0.1", AddressScope.Loopback)]
    [InlineData("64:ff9b:1::7f00:1", AddressScope.Loopback)]
    [InlineData("2002:7f00:1::1", AddressScope.Loopback)]
    [InlineData("169.254.169.254", AddressScope.LinkLocal)]
    [InlineData("::ffff:169.254.169.254", AddressScope.LinkLocal)]
    [InlineData("fe80::1", AddressScope.LinkLocal)]
    [InlineData("febf::1", AddressScope.LinkLocal)]
    [InlineData("100.100.100.200", AddressScope.Metadata)]
    [InlineData("64:ff9b::100.100.100.200", AddressScope.Metadata)]
    [InlineData("fd00:ec2::254", AddressScope.Metadata)]
    [InlineData("224.0.0.251", AddressScope.LinkLocalMulticast)]
    [InlineData("ff02::1", AddressScope.LinkLocalMulticast)]
    [InlineData("239.1.2.3", AddressScope.Multicast)]
    [InlineData("ff0e::1", AddressScope.Multicast)]
    [InlineData("255.255.255.255", AddressScope.Reserved)]
    [InlineData("240.0.0.1", AddressScope.Reserved)]
    public void Whom_an_address_reaches_does_not_depend_on_how_it_is_written(string text, AddressScope scope)
    {
        Assert.True(NetworkAddress.TryParse(text, out var address));
        Assert.Equal(scope, address.Scope);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.1")]
    [InlineData("127.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData(" 1.2.3.4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("1.2.3.4:80")]
    [InlineData("[::1]")]
    [InlineData("[::1]:80")]
    [InlineData("fe80::1%eth0")]
    [InlineData("fe80::1%1")]
    [InlineData("::ffff:0177.0.0.1")]
    [InlineData("::ffff:127.1")]
    [InlineData("1::2::3")]
    [InlineData(":")]
    [InlineData("1.2.3.4/32")]
    [InlineData("localhost")]
    [InlineData("١.٢.٣.٤")]
    public void A_notation_that_not_all_read_alike_is_none(string? text) => Assert.False(NetworkAddress.TryParse(text, out _));

    [Fact]
    public void Every_IPv4_address_reaches_the_same_in_each_of_its_IPv6_forms() => Gen.UInt.Sample(bits =>
    {
        var bytes = BitConverter.GetBytes(bits);
        NetworkAddress.TryParse(new IPAddress(bytes).ToString(), out var plain);
        foreach (var prefix in (string[])["::ffff:", "64:ff9b::", "::ffff:0:"])
        {
            Assert.True(NetworkAddress.TryParse(prefix + plain, out var wrapped));
            Assert.Equal(plain.Scope, wrapped.Scope);
        }
        Assert.True(NetworkAddress.TryParse($"2002:{bytes[0]:x2}{bytes[1]:x2}:{bytes[2]:x2}{bytes[3]:x2}::1", out var tunnelled));
        Assert.Equal(plain.Scope, tunnelled.Scope);
    });

    [Fact]
    public void What_is_read_is_written_so_that_it_is_read_alike() => Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16]).Sample(bytes =>
    {
        var value = new IPAddress(bytes);

        Assert.True(NetworkAddress.TryParse(value.ToString(), out var address), value.ToString());
        Assert.Equal(value, address.Value);
        Assert.Equal(bytes.Length == 16 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, address.Family);
    });

    [Fact]
    public void Whatever_is_taken_for_an_address_has_nothing_but_its_characters() => Gen.String[Gen.Char["0123456789abcdefx:.%[]@/ "], 0, 20].Sample(text =>
    {
        if (NetworkAddress.TryParse(text, out var address)) Assert.Matches("^[0-9a-fA-F:.]+$", text);
        if (address.Value is not null) Assert.Equal(IPAddress.Parse(text), address.Value);
    });
}
