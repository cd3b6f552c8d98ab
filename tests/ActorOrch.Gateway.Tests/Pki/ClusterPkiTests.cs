using System.Net;
using ActorOrch.Gateway.Access;
using ActorOrch.Gateway.Pki;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Registry.Files;

namespace ActorOrch.Gateway.Tests.Pki;

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
    public void No_file_that_is_cut_emptied_or_changed_anywhere_is_ever_replaced()
    {
        Load();
        var random = new Random(1);
        var files = Directory.GetFiles(Path.Combine(_scratch.Path, "pki"));
        Assert.Equal(7, files.Length);
        foreach (var file in files)
        {
            var whole = File.ReadAllBytes(file);
            foreach (var damaged in Damages(whole, random))
            {
                File.WriteAllBytes(file, damaged);
                try
                {
                    Load();
                    // What cannot be told from a whole file (a letter of the token, the space around a PEM) is used as it is.
                    Assert.Equal(damaged, File.ReadAllBytes(file));
                }
                catch (DamagedFileException refused)
                {
                    Assert.Contains(Path.Combine(_scratch.Path, "pki"), refused.Message, StringComparison.Ordinal);
                    Assert.Equal(damaged, File.ReadAllBytes(file));
                }
            }
            foreach (var cut in (byte[][])[[], whole[..(whole.Length / 2)], whole[..^20]])
            {
                File.WriteAllBytes(file, cut);
                Assert.Contains(Path.GetFileName(file), Assert.Throws<DamagedFileException>(Load).Message, StringComparison.Ordinal);
            }
            File.WriteAllBytes(file, whole);
        }
        Load();
    }

    [Theory]
    [InlineData("ca.key")]
    [InlineData("ca.crt")]
    [InlineData("serving.key")]
    [InlineData("admin.crt")]
    [InlineData("ca.key", "ca.crt")]
    public void Half_of_what_belongs_together_is_refused(params string[] missing)
    {
        Load();
        foreach (var file in missing) File.Delete(Path.Combine(_scratch.Path, "pki", file));

        Assert.Contains(missing[0], Assert.Throws<DamagedFileException>(Load).Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever there is: either nothing starts, or it is said what was made in its place.</summary>
    [Fact]
    public void Whatever_is_deleted_is_refused_or_named_as_made_anew()
    {
        Assert.Empty(Load().Replaced);
        var pki = Path.Combine(_scratch.Path, "pki");
        var whole = Directory.GetFiles(pki).ToDictionary(f => f, File.ReadAllBytes);
        string[][] kinds = [.. whole.Keys.Select(f => new[] { Path.GetFileName(f) }), ["ca.crt", "ca.key"], ["serving.crt", "serving.key"], ["admin.crt", "admin.key"], [.. whole.Keys.Select(f => Path.GetFileName(f)!).Where(f => f != "admin.token")]];
        string[] anew = ["admin.token", "serving.crt serving.key", "admin.crt admin.key"];
        foreach (var missing in kinds.Select(k => k.Order(StringComparer.Ordinal).ToArray()))
        {
            foreach (var (file, content) in whole) File.WriteAllBytes(file, content);
            foreach (var file in missing) File.Delete(Path.Combine(pki, file));
            if (anew.Any(a => a.Split(' ').Order(StringComparer.Ordinal).SequenceEqual(missing)))
            {
                Assert.Contains($"/pki/{missing[0]} was missing", Assert.Single(Load().Replaced), StringComparison.Ordinal);
                Assert.Empty(Load().Replaced);
            }
            else
            {
                Assert.Contains(missing.Contains("ca.key") ? "ca.key" : missing[0], Assert.Throws<DamagedFileException>(Load).Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_deleted_token_is_another_afterwards_and_the_old_one_is_void()
    {
        var before = Load().AdministratorToken;
        File.Delete(Path.Combine(_scratch.Path, "pki", "admin.token"));
        var after = Load();
        Assert.NotEqual(before, after.AdministratorToken);
        Assert.Equal(after.AdministratorToken, Load().AdministratorToken);
        Assert.Contains("the one before is void", Assert.Single(after.Replaced), StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_that_ends_is_named_as_made_anew()
    {
        Load();
        _clock.Now += 11 * CertificateAuthority.Lifetime;
        Assert.Contains("another authority was made", Assert.Single(Load().Replaced), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_of_power_between_a_key_and_its_certificate_is_made_good()
    {
        var before = Load();
        var certificate = Path.Combine(_scratch.Path, "pki", "ca.crt");
        File.Move(certificate, SmallFile.NextOf(certificate));

        Assert.Equal(before.Authority.Certificate.Thumbprint, Load().Authority.Certificate.Thumbprint);
    }

    [Fact]
    public void A_loss_of_power_before_the_first_key_was_in_its_place_leaves_nothing_in_the_way()
    {
        Directory.CreateDirectory(Path.Combine(_scratch.Path, "pki"));
        File.WriteAllText(Path.Combine(_scratch.Path, "pki", "ca.key.next"), "half");

        Assert.NotNull(Load().Serving);
    }

    private static IEnumerable<byte[]> Damages(byte[] whole, Random random)
    {
        for (var i = 0; i < 20; i++)
        {
            var damaged = whole.ToArray();
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            yield return damaged;
        }
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
