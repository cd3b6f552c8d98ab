using ActorOrch.Networking.Kernel;

namespace ActorOrch.Networking.Tests.Kernel;

public sealed class NetworkClaimTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actororch-claims-");

    [Theory]
    [InlineData("one", "other", "the nftables table \"one\"")]
    [InlineData("other", "one", "the bridge \"one\"")]
    public void What_another_has_is_named_with_its_data_directory_and_its_process(string table, string bridge, string what)
    {
        using var first = Take("one", "one", "/data/first");
        var refused = Assert.Throws<NetworkClaimedException>(() => Take(table, bridge, "/data/second"));
        Assert.Contains($"another actororch (pid {Environment.ProcessId}) with the data directory /data/first has {what}", refused.Message);
    }

    [Fact]
    public void A_refused_one_leaves_nothing_claimed()
    {
        using var first = Take("one", "one", "/data/first");
        Assert.Throws<NetworkClaimedException>(() => Take("two", "one", "/data/second"));
        using var third = Take("two", "two", "/data/third");
    }

    [Fact]
    public void Others_names_are_free_and_so_is_what_was_let_go()
    {
        var first = Take("one", "one", "/a/long/data/directory");
        using var second = Take("two", "two", "/data/second");
        first.Dispose();
        using var third = Take("one", "one", "/d");
        Assert.Contains("with the data directory /d has", Assert.Throws<NetworkClaimedException>(() => Take("one", "x", "/")).Message);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private NetworkClaim Take(string table, string bridge, string dataDirectory) => NetworkClaim.Take(table, bridge, dataDirectory, _directory.FullName);
}
