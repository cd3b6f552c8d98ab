using System.Net;

namespace ActorOrch.Networking.Tests.Kernel;

internal static class TestSettings
{
    public static NetworkSettings Named(string table) => new()
    {
        TableName = table,
        PodCidrs = [IPNetwork.Parse("10.244.0.0/16"), IPNetwork.Parse("fd00:10:244::/48")],
        LocalPodCidrs = [IPNetwork.Parse("10.244.0.0/24"), IPNetwork.Parse("fd00:10:244::/64")],
    };
}
