using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorOrch.Registry.Files;

namespace ActorOrch.Registry.Clustering.Pki;

/// <summary>
/// Where a process keeps what its cluster's authority is known by. <c>ca.pem</c> is the authority with its key: processes of the control plane
/// share it, and each issues its own certificate with it. A process that has no <c>ca.pem</c> has <c>ca.crt</c>, which is public, and
/// <c>node.pem</c>, its own certificate with its key. A certificate and its key are one file: no loss of power leaves one without the other.
/// </summary>
/// <remarks>Files are written once and whole, readable by their owner alone. What is damaged is refused, never made anew.</remarks>
public sealed class KeyDirectory(string path, TimeProvider time)
{
    private const string Authority = "ca.pem", AuthorityCertificate = "ca.crt", Node = "node.pem";

    public string Path { get; } = path;

    internal string NodeFile => PathOf(Node);

    public bool HasAuthority => File.Exists(PathOf(Authority));

    public bool HasNode => File.Exists(PathOf(Node));

    /// <summary>The authority with its key; of several processes that start at once on a directory without one, one makes it.</summary>
    public ClusterAuthority OpenOrMakeAuthority()
    {
        Directory.CreateDirectory(Path, SmallFile.OwnerDirectory);
        if (!HasAuthority)
        {
            if (File.Exists(PathOf(AuthorityCertificate)) || HasNode)
                throw new NodeKeysException(
                    $"{PathOf(Authority)} is missing, but other keys of a cluster are in {Path}: a new authority would not be theirs. " +
                    "Restore it from a backup or from another control-plane process; to start a new cluster, empty the directory.");
            WriteNew(Authority, PemOf(ClusterAuthority.Create(time).Certificate));
        }
        var authority = OpenAuthority();
        if (!File.Exists(PathOf(AuthorityCertificate))) WriteNew(AuthorityCertificate, authority.Certificate.ExportCertificatePem() + "\n");
        RequireSame(authority.Certificate, OpenCertificate());
        return authority;
    }

    /// <summary>The authority with its key, which must be there.</summary>
    public ClusterAuthority OpenAuthority() => new(ReadPair(Authority), time);

    /// <summary>The authority's certificate, which must be there.</summary>
    public X509Certificate2 OpenCertificate() => Read(AuthorityCertificate, text => X509Certificate2.CreateFromPem(text), secret: false);

    /// <summary>This process's own certificate with its key, which must be there.</summary>
    public X509Certificate2 OpenNode() => ReadPair(Node);

    /// <summary>Writes what a process without the authority's key needs. Throws <see cref="NodeKeysException"/> where keys are there already.</summary>
    public void Write(X509Certificate2 authority, X509Certificate2 node)
    {
        Directory.CreateDirectory(Path, SmallFile.OwnerDirectory);
        if (HasAuthority || HasNode) throw new NodeKeysException($"there are keys in {Path} already: name another directory with --out, or remove them");
        if (File.Exists(PathOf(AuthorityCertificate))) RequireSame(authority, OpenCertificate());
        else WriteNew(AuthorityCertificate, authority.ExportCertificatePem() + "\n");
        WriteNew(Node, PemOf(node));
    }

    private string PathOf(string file) => System.IO.Path.Combine(Path, file);

    private void RequireSame(X509Certificate2 authority, X509Certificate2 certificate)
    {
        if (!authority.RawDataMemory.Span.SequenceEqual(certificate.RawDataMemory.Span))
            throw new NodeKeysException($"{PathOf(AuthorityCertificate)} is another authority's: restore the one that belongs to the cluster, or remove it");
    }

    private X509Certificate2 ReadPair(string file) => Read(file, text => X509Certificate2.CreateFromPem(text, text), secret: true);

    private T Read<T>(string file, Func<string, T> parse, bool secret)
    {
        var path = PathOf(file);
        const UnixFileMode others = ~SmallFile.OwnerDirectory;
        try
        {
            var text = SmallFile.ReadText(path) ?? throw new NodeKeysException($"{path} is missing: {HowToGet(file)}");
            if (secret && (File.GetUnixFileMode(path) & others) != 0)
                throw new NodeKeysException($"{path} holds a key that others than its owner may read or write: chmod 600 it, and renew the key if somebody may have read it");
            return parse(text);
        }
        catch (Exception e) when (e is DamagedFileException or CryptographicException or ArgumentException)
        {
            throw new NodeKeysException($"{path} is damaged ({e.Message}): {HowToGet(file)}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NodeKeysException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static string HowToGet(string file) => file == Node
        ? "make it on a control-plane process with 'actororch pki node NAME --role worker --host HOST --data-dir DIR --out DIR', and copy the files here"
        : "restore it from a backup or from another control-plane process; nothing is made in its place, because every process of the cluster depends on it";

    private static string PemOf(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey() ?? throw new CryptographicException("the certificate has no ECDSA key");
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }

    /// <summary>Whole, and only where there is none yet: whoever comes second goes on with the first's.</summary>
    private void WriteNew(string file, string text) => SmallFile.TryCreate(PathOf(file), text);
}
