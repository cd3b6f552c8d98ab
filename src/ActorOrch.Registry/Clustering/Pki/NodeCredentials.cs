using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ActorOrch.Registry.Clustering.Transports;
using Akka.Configuration;

namespace ActorOrch.Registry.Clustering.Pki;

/// <summary>
/// What a process shows to the others of its cluster, and whom it believes. Certificates change while it runs: each handshake asks for the one
/// of that moment.
/// </summary>
public abstract class NodeCredentials(X509Certificate2 authority, TimeProvider time)
{
    /// <summary>The section of <see cref="KeyDirectory"/>.</summary>
    public const string DirectorySetting = "actororch.cluster.tls.directory";

    private readonly Lock _renewing = new();
    private SslStreamCertificateContext? _context;

    /// <summary>The certificate of this process, with its chain, as of now.</summary>
    internal SslStreamCertificateContext Current
    {
        get
        {
            lock (_renewing)
            {
                if (_context is null || IsDue(_context.TargetCertificate, time.GetUtcNow()))
                    _context = SslStreamCertificateContext.Create(Next(), [authority], offline: true);
                return _context;
            }
        }
    }

    /// <summary>This process as the others see it.</summary>
    public NodeIdentity Identity => NodeIdentity.Of(Current.TargetCertificate) ?? throw new NodeKeysException("the certificate of this process names no role");

    protected TimeProvider Time => time;

    /// <summary>Whether a certificate is to be replaced by <see cref="Next"/>.</summary>
    protected abstract bool IsDue(X509Certificate2 certificate, DateTimeOffset now);

    protected abstract X509Certificate2 Next();

    /// <summary>Who a certificate speaks for; null, and why, where the cluster's authority did not issue it or it is not valid now.</summary>
    internal NodeIdentity? Recognize(X509Certificate? certificate, bool asServer, out string why)
    {
        if (certificate is not X509Certificate2 shown)
        {
            why = "it showed no certificate";
            return null;
        }
        if (!ClusterAuthority.Verifies(authority, shown, asServer, time.GetUtcNow(), out why))
        {
            why = $"its certificate ({shown.Subject}) is not one of this cluster, or not valid now: {why}";
            return null;
        }
        var identity = NodeIdentity.Of(shown);
        if (identity is null) why = $"its certificate ({shown.Subject}) names no role";
        return identity;
    }

    /// <summary>
    /// Opens the keys of a process with this configuration. One of the control plane that is a seed node, or has none, makes the cluster's
    /// authority where there is none yet. Throws <see cref="NodeKeysException"/> for keys that are missing, damaged, or not for these roles.
    /// </summary>
    public static NodeCredentials Open(Config config, TimeProvider time)
    {
        var settings = TlsSettings.From(config);
        var roles = config.GetStringList("akka.cluster.roles");
        var keys = new KeyDirectory(settings.Directory, time);
        NodeCredentials credentials;
        if (keys.HasNode && !keys.HasAuthority) credentials = new StoredCredentials(keys, time);
        else if (roles.Contains(NodeRoles.ControlPlane) && (keys.HasAuthority || settings.IsSeed)) credentials = new IssuedCredentials(keys.OpenOrMakeAuthority(), settings, time);
        else
            throw new NodeKeysException(
                $"this process is to join a cluster, and {DirectorySetting} ({settings.Directory}) has no keys for it: make them on a control-plane process " +
                $"with 'actororch pki node {settings.Name} --role {(roles.Contains(NodeRoles.ControlPlane) ? NodeRoles.ControlPlane : NodeRoles.Worker)} --host {settings.Host} " +
                "--data-dir DIR --out DIR', and copy the files here. (A control-plane process may share the directory of another instead.)");
        credentials.Require(settings, roles);
        return credentials;
    }

    private void Require(TlsSettings settings, IList<string> roles)
    {
        var identity = Identity;
        if (Recognize(Current.TargetCertificate, asServer: true, out var why) is null)
            throw new NodeKeysException($"the certificate in {settings.Directory} cannot be used: {why} Make a new one with 'actororch pki node', and copy it here.");
        if (!NodeRoles.Allows(identity.Role, roles))
            throw new NodeKeysException($"the certificate in {settings.Directory} is a {NodeRoles.NameOf(identity.Role)}'s, but akka.cluster.roles is [{string.Join(", ", roles)}]");
        if (!identity.AnswersAs(settings.Host))
            throw new NodeKeysException(
                $"the certificate in {settings.Directory} is not for \"{settings.Host}\", by which the others reach this process: make one with 'actororch pki node {identity.Name} --host {settings.Host} …'");
    }
}

/// <summary>Of a process that has the authority's key: it issues its own certificate whenever it needs one, and keeps it in memory.</summary>
internal sealed class IssuedCredentials(ClusterAuthority authority, TlsSettings settings, TimeProvider time)
    : NodeCredentials(X509CertificateLoader.LoadCertificate(authority.Certificate.RawData), time)
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    protected override bool IsDue(X509Certificate2 certificate, DateTimeOffset now) => now - certificate.NotBefore > Lifetime / 2;

    protected override X509Certificate2 Next() => authority.Issue(settings.Name, NodeRole.ControlPlane, settings.Hosts, Lifetime);
}

/// <summary>Of a process that was given its certificate: it reads the file again when somebody has replaced it.</summary>
internal sealed class StoredCredentials(KeyDirectory keys, TimeProvider time) : NodeCredentials(keys.OpenCertificate(), time)
{
    private DateTime _read;

    protected override bool IsDue(X509Certificate2 certificate, DateTimeOffset now) => File.GetLastWriteTimeUtc(keys.NodeFile) != _read;

    protected override X509Certificate2 Next()
    {
        _read = File.GetLastWriteTimeUtc(keys.NodeFile);
        return keys.OpenNode();
    }
}
