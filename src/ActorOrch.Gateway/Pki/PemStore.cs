using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ActorOrch.Gateway;

/// <summary>Certificates and secrets in a directory that only its owner may read.</summary>
internal sealed class PemStore
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerDirectory = OwnerFile | UnixFileMode.UserExecute;

    private readonly string _directory;

    public PemStore(string directory)
    {
        _directory = directory;
        Directory.CreateDirectory(directory, OwnerDirectory);
    }

    /// <summary>The certificate with its key, or null where either is missing or cannot be read as what it should be.</summary>
    public X509Certificate2? Load(string name)
    {
        var (certificate, key) = (FilePath(name + ".crt"), FilePath(name + ".key"));
        if (!File.Exists(certificate) || !File.Exists(key)) return null;
        try
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (CryptographicException)
        {
            // Half a file, e.g. after a crash while it was written: the caller issues a new one.
            return null;
        }
    }

    public void Save(string name, X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey() ?? throw new CryptographicException($"the certificate {name} has no ECDSA key");
        WriteText(name + ".key", key.ExportPkcs8PrivateKeyPem());
        WriteText(name + ".crt", certificate.ExportCertificatePem());
    }

    public string? ReadText(string file) => File.Exists(FilePath(file)) ? File.ReadAllText(FilePath(file)) : null;

    public void WriteText(string file, string text) => WriteOwnerOnly(FilePath(file), text);

    /// <summary>Replaces a file in one step; no one but its owner could ever read it.</summary>
    public static void WriteOwnerOnly(string path, string text)
    {
        var next = path + ".next";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = OwnerFile,
        };
        using (var stream = new FileStream(next, options))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        File.SetUnixFileMode(next, OwnerFile);
        File.Move(next, path, overwrite: true);
    }

    private string FilePath(string file) => Path.Combine(_directory, file);
}
