using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorOrch.Registry.Files;

namespace ActorOrch.Gateway.Pki;

/// <summary>
/// Certificates and secrets in a directory that only its owner may enter. What is there but damaged is refused with a
/// <see cref="DamagedFileException"/>: a new authority or token in its place would make every credential worthless that was given out.
/// </summary>
internal sealed class PemStore
{
    private readonly string _directory;

    public PemStore(string directory)
    {
        _directory = directory;
        SmallFile.MakeDirectory(directory);
    }

    /// <summary>The certificate with its key; null where there is neither.</summary>
    public X509Certificate2? Load(string name)
    {
        var (certificate, key) = (FilePath(name + ".crt"), FilePath(name + ".key"));
        // The power was lost after the key had taken its place: the certificate that belongs to it is on the disk, whole.
        if (File.Exists(SmallFile.NextOf(certificate)) && Pair(SmallFile.NextOf(certificate), key) is not null) SmallFile.Finish(certificate);
        var (hasCertificate, hasKey) = (SmallFile.Read(certificate) is not null, SmallFile.Read(key) is not null);
        if (!hasCertificate && !hasKey) return null;
        if (!hasCertificate) throw new DamagedFileException(certificate, $"is missing, and its key {key} is there");
        if (!hasKey) throw new DamagedFileException(key, $"is missing, and its certificate {certificate} is there");
        return Pair(certificate, key) ?? throw WhatIsWrong(certificate, key);
    }

    public void Save(string name, X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey() ?? throw new CryptographicException($"the certificate {name} has no ECDSA key");
        SmallFile.WriteTogether((FilePath(name + ".key"), key.ExportPkcs8PrivateKeyPem()), (FilePath(name + ".crt"), certificate.ExportCertificatePem()));
    }

    public string? ReadText(string file) => SmallFile.ReadText(FilePath(file));

    public void WriteText(string file, string text) => SmallFile.Write(FilePath(file), text);

    public bool Has(string name) => File.Exists(FilePath(name + ".crt")) || File.Exists(FilePath(name + ".key"));

    public void Remove(string name)
    {
        foreach (var ending in (string[])[".crt", ".key"]) File.Delete(FilePath(name + ending));
        SmallFile.SyncDirectory(_directory);
    }

    public string FilePath(string file) => Path.Combine(_directory, file);

    /// <summary>Null where they are not a certificate and its key.</summary>
    private static X509Certificate2? Pair(string certificate, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or FileNotFoundException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    private static DamagedFileException WhatIsWrong(string certificate, string key)
    {
        try
        {
            using var alone = X509Certificate2.CreateFromPem(File.ReadAllText(certificate));
        }
        catch (CryptographicException e)
        {
            return new(certificate, "is not a certificate in PEM", e);
        }
        try
        {
            using var alone = ECDsa.Create();
            alone.ImportFromPem(File.ReadAllText(key));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            return new(key, "is not a private key in PEM", e);
        }
        return new(key, $"is not the key of {certificate}");
    }
}
