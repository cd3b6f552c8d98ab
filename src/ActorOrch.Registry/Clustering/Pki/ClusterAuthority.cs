using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorOrch.Resources.Addressing;
using ActorOrch.Resources.Timing;

namespace ActorOrch.Registry.Clustering.Pki;

/// <summary>Issues the certificates by which the processes of a cluster know each other (ECDSA P-256). It is not the API's authority.</summary>
public sealed class ClusterAuthority(X509Certificate2 certificate, TimeProvider time)
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>How long the authority itself lasts.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    /// <summary>The authority's certificate, with its key.</summary>
    public X509Certificate2 Certificate { get; } = certificate;

    public static ClusterAuthority Create(TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=actororch-cluster-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        return new(request.CreateSelfSigned(now.After(-ClockSkew), now.After(Lifetime)), time);
    }

    /// <summary>A certificate with its key for a process that answers under the given hosts, names or addresses; for both ends of a connection.</summary>
    public X509Certificate2 Issue(string name, NodeRole role, IEnumerable<string> hosts, TimeSpan lifetime)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(NodeIdentity.SubjectOf(name, role), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuthentication, ClientAuthentication], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false));
        request.CertificateExtensions.Add(Alternatives(hosts));

        // A serial number is positive: the top bit stays clear.
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        var now = time.GetUtcNow();
        var until = now.After(lifetime);
        if (until > Certificate.NotAfter) until = Certificate.NotAfter;
        using var issued = request.Create(Certificate, now.After(-ClockSkew), until, serial);
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>Whether <paramref name="authority"/> issued the certificate and it is valid at <paramref name="at"/>; otherwise why not.</summary>
    /// <param name="asServer">Whether it is to be a server's, or a client's.</param>
    internal static bool Verifies(X509Certificate2 authority, X509Certificate2 certificate, bool asServer, DateTimeOffset at, out string why)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(asServer ? ServerAuthentication : ClientAuthentication);
        var good = chain.Build(certificate);
        why = string.Join(' ', chain.ChainStatus.Select(s => s.StatusInformation.Trim().TrimEnd('.') + "."));
        return good;
    }

    private static X509Extension Alternatives(IEnumerable<string> hosts)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (NetworkAddress.TryParse(host, out var address)) alternatives.AddIpAddress(address.Value);
            else alternatives.AddDnsName(host);
        }
        return alternatives.Build();
    }
}
