using System.Net;

namespace ActorOrch.Gateway.Tests;

public sealed class ClusterPkiTests : IDisposable
{
    private static readonly ServingNames Names = new(["localhost", "kubernetes.default.svc"], [IPAddress.Loopback, IPAddress.Parse("10.96.0.1")]);

    private readonly Scratch _scratch = new();
    private readonly SetClock _clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Everything_is_used_again_at_the_next_start()
    {
        var first = Load();
        var second = Load();

        Assert.Equal(first.Authority.Certificate.Thumbprint, second.Authority.Certificate.Thumbprint);
        Assert.Equal(first.Serving.Thumbprint, second.Serving.Thumbprint);
        Assert.Equal(first.Administrator.Thumbprint, second.Administrator.Thumbprint);
        Assert.Equal(first.AdministratorToken, second.AdministratorToken);
    }

    [Fact]
    public void No_one_but_the_owner_may_read_the_keys()
    {
        Load();

        var files = Directory.GetFiles(Path.Combine(_scratch.Path, "pki"));
        Assert.Contains(files, f => f.EndsWith("ca.key", StringComparison.Ordinal));
        Assert.All(files, f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
    }

    [Fact]
    public void Certificates_are_renewed_before_they_expire_and_the_authority_stays()
    {
        var first = Load();
        _clock.Now += CertificateAuthority.Lifetime - ClusterPki.RenewBefore + TimeSpan.FromHours(1);
        var second = Load();

        Assert.Equal(first.Authority.Certificate.Thumbprint, second.Authority.Certificate.Thumbprint);
        Assert.NotEqual(first.Serving.Thumbprint, second.Serving.Thumbprint);
        Assert.NotEqual(first.Administrator.Thumbprint, second.Administrator.Thumbprint);
        Assert.True(second.Authority.VerifiesClient(second.Administrator));
    }

    [Fact]
    public void A_machine_with_new_names_gets_a_new_serving_certificate()
    {
        var first = Load();
        var second = ClusterPki.LoadOrCreate(_scratch.Path, Names with { Addresses = [.. Names.Addresses, IPAddress.Parse("192.0.2.7")] }, _clock);

        Assert.NotEqual(first.Serving.Thumbprint, second.Serving.Thumbprint);
        Assert.Equal(first.Administrator.Thumbprint, second.Administrator.Thumbprint);
    }

    [Fact]
    public void A_torn_file_is_replaced()
    {
        var first = Load();
        File.WriteAllText(Path.Combine(_scratch.Path, "pki", "serving.crt"), "-----BEGIN CERTI");
        var second = Load();

        Assert.NotEqual(first.Serving.Thumbprint, second.Serving.Thumbprint);
    }

    [Fact]
    public void A_certificate_of_another_authority_proves_nothing()
    {
        var other = CertificateAuthority.Create("someone-else", _clock);

        Assert.False(Load().Authority.VerifiesClient(other.IssueClient("kubernetes-admin", "system:masters")));
    }

    [Fact]
    public void A_serving_certificate_is_no_client_certificate()
    {
        var pki = Load();

        Assert.False(pki.Authority.VerifiesClient(pki.Serving));
    }

    [Fact]
    public void An_expired_client_certificate_proves_nothing()
    {
        var pki = Load();
        _clock.Now += CertificateAuthority.Lifetime + TimeSpan.FromHours(1);

        Assert.False(pki.Authority.VerifiesClient(pki.Administrator));
    }

    [Fact]
    public void User_and_groups_are_read_from_the_subject()
    {
        var caller = CertificateSubject.Read(Load().Authority.IssueClient("jane", "developers", "testers").SubjectName);

        Assert.Equal("jane", caller?.Name);
        Assert.Equal(["developers", "system:authenticated", "testers"], caller!.Groups.Order());
    }

    [Fact]
    public void The_kubeconfig_is_for_its_owner_alone_and_names_its_context()
    {
        var path = KubeconfigWriter.Write(_scratch.Path, new("https://127.0.0.1:6443"), Load());

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        var config = k8s.KubernetesClientConfiguration.BuildConfigFromConfigFile(path);
        Assert.Equal("https://127.0.0.1:6443", config.Host);
        Assert.NotNull(config.ClientCertificateData);
        var byToken = k8s.KubernetesClientConfiguration.BuildConfigFromConfigFile(path, "actororch-token");
        Assert.Equal(Load().AdministratorToken, byToken.AccessToken);
    }

    public void Dispose() => _scratch.Dispose();

    private ClusterPki Load() => ClusterPki.LoadOrCreate(_scratch.Path, Names, _clock);
}
