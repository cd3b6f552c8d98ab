using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorOrch.Gateway.Access;
using ActorOrch.Registry.Files;

namespace ActorOrch.Gateway.Pki;

/// <summary>
/// The cluster's keys, kept in <c>DATA-DIR/pki</c> and readable by their owner alone: made at the first start, used again at the next,
/// renewed when less than a month is left or when the machine's names have changed.
/// </summary>
public sealed class ClusterPki
{
    /// <summary>Certificates that would expire within this time are issued anew.</summary>
    public static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    private const string AdministratorsGroup = "system:masters";
    private const string AuthorityName = "ca", ServingName = "serving", AdministratorName = "admin";
    private const string TokenFile = "admin.token";
    private const int TokenBytes = 32;
    private const int TokenLength = 43;

    private static readonly string[] Issued = [ServingName, AdministratorName];

    private readonly PemStore _store;
    private readonly ServingNames _names;
    private volatile X509Certificate2 _serving;
    private volatile X509Certificate2 _administrator;

    private ClusterPki(
        PemStore store, ServingNames names, CertificateAuthority authority, X509Certificate2 serving, X509Certificate2 administrator, string administratorToken, IReadOnlyList<string> replaced)
    {
        Replaced = replaced;
        _store = store;
        _names = names;
        _serving = serving;
        _administrator = administrator;
        Authority = authority;
        AdministratorToken = administratorToken;
    }

    /// <summary>Raised when <see cref="Renew"/> has issued a certificate anew: whoever keeps a copy makes another.</summary>
    public event Action? Renewed;

    public CertificateAuthority Authority { get; }

    /// <summary>What was there before and was made anew, and what that voids: a sentence a file, for the log. Empty at a first start.</summary>
    public IReadOnlyList<string> Replaced { get; }

    /// <summary>The gateway's own certificate, the latest.</summary>
    public X509Certificate2 Serving => _serving;

    /// <summary>The client certificate of <c>kubernetes-admin</c>, a member of <c>system:masters</c>.</summary>
    public X509Certificate2 Administrator => _administrator;

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
        var replaced = new List<string>();
        var isFirst = !store.Has(AuthorityName);
        var authority = LoadAuthority(store, time, deadline, replaced);
        // What the authority before it had issued went with it.
        var isNew = isFirst || replaced.Count > 0;

        var serving = LoadIssued(store, ServingName, authority);
        if (serving is null && !isNew) replaced.Add($"{store.FilePath(ServingName + ".crt")} was missing with its key: another certificate was made; the one before holds until it expires");
        if (serving is null || !authority.Verifies(serving, deadline) || !Covers(serving, names))
        {
            serving = authority.IssueServing("actororch", names.Names, names.Addresses);
            store.Save(ServingName, serving);
        }

        var administrator = LoadIssued(store, AdministratorName, authority);
        if (administrator is null && !isNew) replaced.Add($"{store.FilePath(AdministratorName + ".crt")} was missing with its key: another certificate was made; the one before holds until it expires");
        if (administrator is null || !authority.Verifies(administrator, deadline))
        {
            administrator = authority.IssueClient("kubernetes-admin", AdministratorsGroup);
            store.Save(AdministratorName, administrator);
        }
        return new(store, names, authority, serving, administrator, LoadToken(store, isFirst, replaced), replaced);
    }

    private static CertificateAuthority LoadAuthority(PemStore store, TimeProvider time, DateTimeOffset deadline, List<string> replaced)
    {
        var kept = store.Load(AuthorityName);
        var other = Issued.Where(store.Has).Select(n => n + ".crt").Concat(File.Exists(store.FilePath(TokenFile)) ? [TokenFile] : []).FirstOrDefault();
        if (kept is null && other is not null) throw new DamagedFileException(store.FilePath("ca.key"), $"and ca.crt are missing, and {other} is there");
        if (kept is not null && !CertificateSignature.Holds(kept, kept)) throw Changed(store, AuthorityName);
        if (kept is not null && kept.NotAfter.ToUniversalTime() > deadline.UtcDateTime) return new(kept, time);
        if (kept is not null) replaced.Add($"{store.FilePath(AuthorityName + ".crt")} had expired or was about to: another authority was made, and every certificate of the one before is void");
        // What the authority before this one issued goes first: whatever is there was issued by the one that is there.
        foreach (var name in Issued) store.Remove(name);
        var authority = CertificateAuthority.Create("actororch-ca", time);
        store.Save(AuthorityName, authority.Certificate);
        return authority;
    }

    private static X509Certificate2? LoadIssued(PemStore store, string name, CertificateAuthority authority)
    {
        var kept = store.Load(name);
        return kept is null || CertificateSignature.Holds(kept, authority.Certificate) ? kept : throw Changed(store, name);
    }

    private static DamagedFileException Changed(PemStore store, string name) =>
        new(store.FilePath(name + ".crt"), "was changed: the authority's signature does not hold");

    /// <summary>To delete the file is the way to another token.</summary>
    private static string LoadToken(PemStore store, bool isFirst, List<string> replaced)
    {
        if (store.ReadText(TokenFile) is { } kept)
        {
            if (kept.Length != TokenLength || !Base64Url.IsValid(kept)) throw new DamagedFileException(store.FilePath(TokenFile), "is not a token");
            return kept;
        }
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        store.WriteText(TokenFile, token);
        if (!isFirst) replaced.Add($"{store.FilePath(TokenFile)} was missing: another token was made, and the one before is void");
        return token;
    }

    /// <summary>When the next of the certificates has to be issued anew.</summary>
    public DateTimeOffset RenewalDue => Due(_serving) < Due(_administrator) ? Due(_serving) : Due(_administrator);

    /// <summary>
    /// Issues anew what is due at <paramref name="now"/>, and keeps it: also for the running process where it cannot be written. One caller at
    /// a time. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> where it could not be written.
    /// </summary>
    public void Renew(DateTimeOffset now)
    {
        var (serving, administrator) = (Due(_serving) <= now, Due(_administrator) <= now);
        if (serving) _serving = Authority.IssueServing("actororch", _names.Names, _names.Addresses);
        if (administrator) _administrator = Authority.IssueClient("kubernetes-admin", AdministratorsGroup);
        try
        {
            if (serving) _store.Save(ServingName, _serving);
            if (administrator) _store.Save(AdministratorName, _administrator);
        }
        finally
        {
            if (serving || administrator) Renewed?.Invoke();
        }
    }

    // What ends with its authority gains nothing by being issued again.
    private DateTimeOffset Due(X509Certificate2 certificate)
    {
        DateTimeOffset end = certificate.NotAfter;
        return end >= Authority.Certificate.NotAfter ? DateTimeOffset.MaxValue : end - RenewBefore;
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
