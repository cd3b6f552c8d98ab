namespace ActorOrch.Architecture.Tests;

/// <summary>
/// Addresses that come from outside are read in one place (<c>ActorOrch.Resources/Addressing</c>): two readings of one text are a way around
/// what either of them forbids.
/// </summary>
public sealed class AddressTests
{
    private static readonly Dictionary<string, string> MayParse = new()
    {
        ["NetworkAddress"] = "the one place",
        ["LinuxNodeNetwork"] = "what the rules were made of, written by the process itself",
        ["NetworkConfig"] = "the configuration and the machine's own addresses",
        ["SettingReader"] = "the configuration",
        ["Sample"] = "the cluster IP that it has just been given",
        ["DockerRuntime"] = "what the engine says",
        ["PodAddresses"] = "what the engine says",
    };

    [Fact]
    public void Addresses_are_read_in_one_place() => Parsing.Outside(MayParse).AssertNone();

    [Fact]
    public void What_may_is_still_there() => Assert.Empty(MayParse.Keys.Except(Parsing.Select(c => c.Owner)));

    private static IEnumerable<Call> Parsing => Code.Calls.Where(c =>
        c.Target.DeclaringType.FullName is "System.Net.IPAddress" or "System.Net.IPEndPoint" && (c.Target.Name is "Parse" or "TryParse"));
}
