using System.Security.Cryptography;
using ActorOrch.Registry.Files;
using Akka.Configuration;

namespace ActorOrch.Registry.Persistence.Records;

/// <summary>
/// The key with which Secrets are encrypted where they are stored (AES-256-GCM), in a file that its owner alone may read. Each record names the
/// key that it is encrypted with, so that one day there can be several.
/// </summary>
public sealed class SecretsKey
{
    /// <summary>Below a data directory, where the settings name no other place.</summary>
    public const string DefaultFile = "pki/secrets.key";

    private const string Setting = "actororch.secrets.key-file";
    private const string Form = "actororch-secrets-key-1";
    private const int KeyBytes = 32, IdBytes = 8;

    /// <summary>Bytes of the tag and of the nonce, which is random: good for 2^32 records.</summary>
    internal const int TagBytes = 16, NonceBytes = 12;

    private readonly byte[] _key;

    private SecretsKey(byte[] key)
    {
        _key = key;
        Id = Convert.ToHexStringLower(SHA256.HashData([.. "actororch secrets key"u8, .. key]).AsSpan(0, IdBytes));
    }

    /// <summary>Follows from the key, and does not tell it.</summary>
    public string Id { get; }

    /// <summary>Null where the process has none: nothing is encrypted then. Throws <see cref="DamagedFileException"/>, <see cref="IOException"/>.</summary>
    internal static SecretsKey? Of(Config config)
    {
        var file = config.GetString(Setting, "");
        return file.Length == 0 ? null : Read(file) ?? throw new FileNotFoundException($"the key {file} of the store's secrets is missing", file);
    }

    /// <summary>Where the settings say that it is; empty where they say nothing.</summary>
    public static string FileOf(Config config) => config.GetString(Setting, "");

    /// <summary>Null where there is no file. Throws <see cref="DamagedFileException"/> for one that does not hold what was written.</summary>
    public static SecretsKey? Read(string file)
    {
        if (SmallFile.ReadText(file) is not { } text) return null;
        var parts = text.TrimEnd('\n').Split(' ');
        var bytes = new byte[KeyBytes];
        if (parts is [Form, var id, var base64] && Convert.TryFromBase64String(base64, bytes, out var length) && length == KeyBytes && new SecretsKey(bytes) is var key && key.Id == id)
            return key;
        throw new DamagedFileException(file, "does not hold the key that was written");
    }

    /// <summary>Makes a key. Where another process has made one meanwhile, that is the one.</summary>
    public static SecretsKey Create(string file)
    {
        var key = new SecretsKey(RandomNumberGenerator.GetBytes(KeyBytes));
        return SmallFile.TryCreate(file, $"{Form} {key.Id} {Convert.ToBase64String(key._key)}\n") ? key : Read(file)!;
    }

    internal AesGcm Cipher() => new(_key, TagBytes);
}
