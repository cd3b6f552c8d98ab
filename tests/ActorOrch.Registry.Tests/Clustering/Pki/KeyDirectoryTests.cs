using ActorOrch.Registry.Clustering.Pki;
using ActorOrch.Registry.Files;

namespace ActorOrch.Registry.Tests.Clustering.Pki;

public sealed class KeyDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private KeyDirectory Keys => new(Path.Combine(_directory.Path, "cluster"), TimeProvider.System);

    private string PathOf(string file) => Path.Combine(_directory.Path, "cluster", file);

    private void MakeNode()
    {
        var authority = ClusterAuthority.Create(TimeProvider.System);
        Keys.Write(authority.Certificate, authority.Issue("a", NodeRole.Worker, ["a"], TimeSpan.FromDays(1)));
    }

    [Fact]
    public async Task Of_many_that_start_at_once_one_makes_the_authority_and_all_have_it()
    {
        using var start = new Barrier(8);
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait();
            return Keys.OpenOrMakeAuthority().Certificate.Thumbprint;
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Single(made.Distinct());
        Assert.Equal(["ca.crt", "ca.pem"], Directory.GetFiles(PathOf("")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Only_the_owner_can_read_keys_and_enter_their_directory()
    {
        Keys.OpenOrMakeAuthority();
        Assert.Equal(SmallFile.OwnerDirectory, File.GetUnixFileMode(PathOf("")));
        Assert.All(Directory.GetFiles(PathOf("")), file => Assert.Equal(SmallFile.OwnerOnly, File.GetUnixFileMode(file)));
    }

    [Theory]
    [InlineData("ca.pem", 0.0)]
    [InlineData("ca.pem", 0.2)]
    [InlineData("ca.pem", 0.9)]
    [InlineData("ca.crt", 0.0)]
    [InlineData("ca.crt", 0.5)]
    public void A_damaged_file_of_the_authority_is_refused_and_stays_as_it_is(string file, double kept)
    {
        Keys.OpenOrMakeAuthority();
        Cut(file, kept);
        var cut = File.ReadAllBytes(PathOf(file));
        var error = Assert.Throws<NodeKeysException>(Keys.OpenOrMakeAuthority);
        Assert.Contains(PathOf(file), error.Message, StringComparison.Ordinal);
        Assert.Contains("restore it", error.Message, StringComparison.Ordinal);
        Assert.Equal(cut, File.ReadAllBytes(PathOf(file)));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void A_damaged_certificate_of_a_node_is_refused_with_how_to_make_one(double kept)
    {
        MakeNode();
        Cut("node.pem", kept);
        var error = Assert.Throws<NodeKeysException>(Keys.OpenNode);
        Assert.Contains("actororch pki node", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_authority_is_not_made_anew()
    {
        Keys.OpenOrMakeAuthority();
        File.Delete(PathOf("ca.pem"));
        Assert.Contains("is missing", Assert.Throws<NodeKeysException>(Keys.OpenOrMakeAuthority).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nor_is_another_ones_certificate_taken_for_its()
    {
        Keys.OpenOrMakeAuthority();
        File.WriteAllText(PathOf("ca.crt"), ClusterAuthority.Create(TimeProvider.System).Certificate.ExportCertificatePem());
        Assert.Contains("another authority's", Assert.Throws<NodeKeysException>(Keys.OpenOrMakeAuthority).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_others_may_read_is_refused()
    {
        MakeNode();
        File.SetUnixFileMode(PathOf("node.pem"), SmallFile.OwnerOnly | UnixFileMode.OtherRead);
        Assert.Contains("chmod 600", Assert.Throws<NodeKeysException>(Keys.OpenNode).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_not_written_over_others()
    {
        MakeNode();
        Assert.Contains("already", Assert.Throws<NodeKeysException>(MakeNode).Message, StringComparison.Ordinal);
    }

    private void Cut(string file, double kept)
    {
        using var stream = File.OpenWrite(PathOf(file));
        stream.SetLength((long)(stream.Length * kept));
    }
}
