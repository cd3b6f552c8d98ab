using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ActorOrch.Gateway.Pki;

/// <summary>Issues the cluster's certificates (ECDSA P-256).</summary>
public sealed class CertificateAuthority(X509Certificate2 certificate, TimeProvider time)
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>How long a certificate of the cluster lasts; the authority's own lasts ten times as long.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>The authority's certificate with its key.</summary>
    public X509Certificate2 Certificate { get; } = certificate;

    /// <summary>A new self-signed authority.</summary>
    public static CertificateAuthority Create(string commonName, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        return new(request.CreateSelfSigned(now - ClockSkew, now + Lifetime * 10), time);
    }

    /// <summary>A certificate for a server that answers under the given names and addresses.</summary>
    public X509Certificate2 IssueServing(string commonName, IEnumerable<string> names, IEnumerable<IPAddress> addresses)
    {
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names) alternatives.AddDnsName(name);
        foreach (var address in addresses) alternatives.AddIpAddress(address);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(commonName);
        return Issue(subject.Build(), ServerAuthentication, alternatives.Build());
    }

    /// <summary>A certificate that authenticates <paramref name="user"/> as a member of <paramref name="groups"/>.</summary>
    public X509Certificate2 IssueClient(string user, params IEnumerable<string> groups)
    {
        var subject = new X500DistinguishedNameBuilder();
        foreach (var group in groups) subject.AddOrganizationName(group);
        subject.AddCommonName(user);
        return Issue(subject.Build(), ClientAuthentication, alternatives: null);
    }

    /// <summary>Whether this authority issued the certificate and it is valid now for the use that clients put it to.</summary>
    public bool VerifiesClient(X509Certificate2 certificate) => Verifies(certificate, ClientAuthentication, time.GetUtcNow());

    /// <summary>Whether this authority issued the certificate for a client, whenever it was or will be valid.</summary>
    public bool IssuedToClient(X509Certificate2 certificate) =>
        Verifies(certificate, ClientAuthentication, time.GetUtcNow(), X509VerificationFlags.IgnoreNotTimeValid | X509VerificationFlags.IgnoreCtlNotTimeValid);

    /// <summary>Whether a certificate of either use still holds at <paramref name="at"/>.</summary>
    internal bool Verifies(X509Certificate2 certificate, DateTimeOffset at) =>
        Verifies(certificate, ServerAuthentication, at) || Verifies(certificate, ClientAuthentication, at);

    private bool Verifies(X509Certificate2 certificate, Oid use, DateTimeOffset at, X509VerificationFlags leniency = X509VerificationFlags.NoFlag)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = at.UtcDateTime;
        chain.ChainPolicy.VerificationFlags = leniency;
        chain.ChainPolicy.ApplicationPolicy.Add(use);
        return chain.Build(certificate);
    }

    private static DateTimeOffset Latest(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earliest(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private X509Certificate2 Issue(X500DistinguishedName subject, Oid use, X509Extension? alternatives)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([use], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, true, false));
        if (alternatives is not null) request.CertificateExtensions.Add(alternatives);

        // A serial number is positive: the top bit stays clear.
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        var now = time.GetUtcNow();
        // Nothing outlives its authority.
        var (from, until) = (Latest(now - ClockSkew, Certificate.NotBefore), Earliest(now + Lifetime, Certificate.NotAfter));
        using var certificate = request.Create(Certificate, from, until, serial);
        return certificate.CopyWithPrivateKey(key);
    }
}
