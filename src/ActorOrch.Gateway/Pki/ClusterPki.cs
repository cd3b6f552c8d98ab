using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorOrch.Registry;

namespace ActorOrch.Gateway;

/// <summary>
/// The cluster's keys, kept in <c>DATA-DIR/pki</c> and readable by their owner alone: made at the first start, used again at the next,
/// renewed when less than a month is left or when the machine's names have changed.
/// </summary>
public sealed class ClusterPki
{
    /// <summary>Certificates that would expire within this time are issued anew.</summary>
    public static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    private const string AdministratorsGroup = "system:masters";
    private const string ServingName = "serving", AdministratorName = "admin";
    private const string TokenFile = "admin.token";
    private const int TokenBytes = 32;
    private const int TokenLength = 43;

    private static readonly string[] Issued = [ServingName, AdministratorName];

    private ClusterPki(CertificateAuthority authority, X509Certificate2 serving, X509Certificate2 administrator, string administratorToken)
    {
        Authority = authority;
        Serving = serving;
        Administrator = administrator;
        AdministratorToken = administratorToken;
    }

    public CertificateAuthority Authority { get; }

    /// <summary>The gateway's own certificate.</summary>
    public X509Certificate2 Serving { get; }

    /// <summary>The client certificate of <c>kubernetes-admin</c>, a member of <c>system:masters</c>.</summary>
    public X509Certificate2 Administrator { get; }

    /// <summary>A bearer token for the same user, for programs that cannot present a certificate. Secret.</summary>
    public string AdministratorToken { get; }

    /// <summary>The user that <see cref="Administrator"/> and <see cref="AdministratorToken"/> authenticate.</summary>
    public static StaticToken AdministratorIdentity(string token) => new(token, new("kubernetes-admin", [AdministratorsGroup]));

    /// <summary>
    /// Throws <see cref="DamagedFileException"/> for a file that is not what was written, <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/> when the directory cannot be written.
    /// </summary>
    public static ClusterPki LoadOrCreate(string dataDirectory, ServingNames names, TimeProvider time)
    {
        var store = new PemStore(Path.Combine(dataDirectory, "pki"));
        var deadline = time.GetUtcNow() + RenewBefore;
        var authority = LoadAuthority(store, time, deadline);

        var serving = LoadIssued(store, ServingName, authority);
        if (serving is null || !authority.Verifies(serving, deadline) || !Covers(serving, names))
        {
            serving = authority.IssueServing("actororch", names.Names, names.Addresses);
            store.Save(ServingName, serving);
        }

        var administrator = LoadIssued(store, AdministratorName, authority);
        if (administrator is null || !authority.Verifies(administrator, deadline))
        {
            administrator = authority.IssueClient("kubernetes-admin", AdministratorsGroup);
            store.Save(AdministratorName, administrator);
        }
        return new(authority, serving, administrator, LoadToken(store));
    }

    private static CertificateAuthority LoadAuthority(PemStore store, TimeProvider time, DateTimeOffset deadline)
    {
        var kept = store.Load("ca");
        if (kept is null && Issued.FirstOrDefault(store.Has) is { } other)
            throw new DamagedFileException(store.FilePath("ca.key"), $"and ca.crt are missing, and {other}.crt is there");
        if (kept is not null && !CertificateSignature.Holds(kept, kept)) throw Changed(store, "ca");
        if (kept is not null && kept.NotAfter.ToUniversalTime() > deadline.UtcDateTime) return new(kept, time);
        // What the authority before this one issued goes first: whatever is there was issued by the one that is there.
        foreach (var name in Issued) store.Remove(name);
        var authority = CertificateAuthority.Create("actororch-ca", time);
        store.Save("ca", authority.Certificate);
        return authority;
    }

    private static X509Certificate2? LoadIssued(PemStore store, string name, CertificateAuthority authority)
    {
        var kept = store.Load(name);
        return kept is null || CertificateSignature.Holds(kept, authority.Certificate) ? kept : throw Changed(store, name);
    }

    private static DamagedFileException Changed(PemStore store, string name) =>
        new(store.FilePath(name + ".crt"), "was changed: the authority's signature does not hold");

    private static string LoadToken(PemStore store)
    {
        if (store.ReadText(TokenFile) is { } kept)
        {
            if (kept.Length != TokenLength || !Base64Url.IsValid(kept)) throw new DamagedFileException(store.FilePath(TokenFile), "is not a token");
            return kept;
        }
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        store.WriteText(TokenFile, token);
        return token;
    }

    private static bool Covers(X509Certificate2 certificate, ServingNames names)
    {
        var alternatives = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SingleOrDefault();
        if (alternatives is null) return false;
        var dns = alternatives.EnumerateDnsNames().ToHashSet();
        var addresses = alternatives.EnumerateIPAddresses().ToHashSet();
        return names.Names.All(dns.Contains) && names.Addresses.All(a => addresses.Contains(Unscoped(a)));
    }

    private static IPAddress Unscoped(IPAddress address) => new(address.GetAddressBytes());
}
