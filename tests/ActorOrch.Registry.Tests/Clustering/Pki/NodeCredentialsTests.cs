using System.Security.Cryptography.X509Certificates;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Clustering.Pki;

namespace ActorOrch.Registry.Tests.Clustering.Pki;

public sealed class NodeCredentialsTests : IDisposable
{
    private const string Seed = "akka.cluster.seed-nodes = [\"akka.tcp://actororch@127.0.0.1:4053\"]\n";

    private readonly TemporaryDirectory _directory = new();
    private readonly Clock _clock = new();

    public void Dispose() => _directory.Dispose();

    private NodeCredentials Open(string settings) =>
        NodeCredentials.Open(ActorOrchConfig.Load(new() { Overrides = $"{TestRegistry.KeysIn(_directory.Path)}\n{Seed}{settings}" }), _clock);

    private void Give(NodeRole role, string host, TimeSpan lifetime)
    {
        var authority = ClusterAuthority.Create(_clock);
        new KeyDirectory(_directory.Path, _clock).Write(authority.Certificate, authority.Issue("n", role, [host], lifetime));
    }

    [Fact]
    public void A_seed_node_makes_the_authority_and_renews_its_own_certificate_while_it_runs()
    {
        var credentials = Open("akka.remote.dot-netty.tcp.port = 4053");
        Assert.Equal(NodeRole.ControlPlane, credentials.Identity.Role);
        Assert.True(credentials.Identity.AnswersAs("127.0.0.1"));
        Assert.False(credentials.Identity.AnswersAs("127.0.0.2"));
        var first = credentials.Current.TargetCertificate;
        Assert.Same(first, credentials.Current.TargetCertificate);
        _clock.Now += TimeSpan.FromDays(400);
        Assert.Null(credentials.Recognize(first, asServer: true, out _));
        var renewed = credentials.Current.TargetCertificate;
        Assert.NotNull(credentials.Recognize(renewed, asServer: true, out _));
        Assert.NotNull(credentials.Recognize(renewed, asServer: false, out _));
    }

    [Theory]
    [InlineData("akka.cluster.roles = [worker]", "--role worker --host 127.0.0.1")]
    [InlineData("akka.remote.dot-netty.tcp.port = 4054", "--role control-plane")]
    public void Whoever_is_not_to_make_the_authority_does_not_start_without_keys(string settings, string toDo)
    {
        var error = Assert.Throws<NodeKeysException>(() => Open(settings));
        Assert.Contains("actororch pki node", error.Message, StringComparison.Ordinal);
        Assert.Contains(toDo, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NodeRole.Worker, "127.0.0.1", "akka.cluster.roles = [control-plane]", "is a worker's")]
    [InlineData(NodeRole.Worker, "127.0.0.1", "akka.cluster.roles = [worker, control-plane]", "is a worker's")]
    [InlineData(NodeRole.ControlPlane, "10.0.0.1", "", "not for \"127.0.0.1\"")]
    public void A_certificate_must_be_for_the_roles_and_the_host(NodeRole role, string host, string settings, string why)
    {
        Give(role, host, TimeSpan.FromDays(1));
        Assert.Contains(why, Assert.Throws<NodeKeysException>(() => Open(settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_has_expired_does_not_start_a_process()
    {
        Give(NodeRole.Worker, "127.0.0.1", TimeSpan.FromDays(1));
        Assert.Equal("n", Open("akka.cluster.roles = [worker]").Identity.Name);
        _clock.Now += TimeSpan.FromDays(2);
        Assert.Contains("not valid now", Assert.Throws<NodeKeysException>(() => Open("akka.cluster.roles = [worker]")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_was_replaced_is_read_again()
    {
        var authority = ClusterAuthority.Create(_clock);
        Replace(authority.Issue("n", NodeRole.Worker, ["127.0.0.1"], TimeSpan.FromDays(1)));
        var credentials = Open("akka.cluster.roles = [worker]");
        var next = authority.Issue("n", NodeRole.Worker, ["127.0.0.1"], TimeSpan.FromDays(9));
        Replace(next);
        File.SetLastWriteTimeUtc(Path.Combine(_directory.Path, "node.pem"), DateTime.UtcNow.AddMinutes(1));
        Assert.Equal(next.Thumbprint, credentials.Current.TargetCertificate.Thumbprint);

        void Replace(X509Certificate2 certificate)
        {
            File.Delete(Path.Combine(_directory.Path, "node.pem"));
            new KeyDirectory(_directory.Path, _clock).Write(authority.Certificate, certificate);
        }
    }

    [Fact]
    public void Only_a_subject_of_one_name_and_one_role_is_an_identity()
    {
        foreach (var subject in (string[])["CN=a", "O=actororch:worker", "CN=a, O=actororch:admin", "CN=a, O=worker", "CN=a, O=actororch:worker, O=actororch:control-plane", "CN=a, O=actororch:worker, OU=b"])
        {
            using var key = System.Security.Cryptography.ECDsa.Create();
            var request = new CertificateRequest(subject, key, System.Security.Cryptography.HashAlgorithmName.SHA256);
            Assert.Null(NodeIdentity.Of(request.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1))));
        }
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
