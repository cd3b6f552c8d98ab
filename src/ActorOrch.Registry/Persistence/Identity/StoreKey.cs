using ActorOrch.Registry.Files;
using ActorOrch.Registry.Persistence.Records;
using Akka.Configuration;

namespace ActorOrch.Registry.Persistence.Identity;

/// <summary>The store and the key of its secrets: the store keeps the key's id, so that a wrong or missing key is found before anything is read or written.</summary>
public static class StoreKey
{
    /// <summary>
    /// Makes the key where the store has none yet, and encrypts what an earlier version stored without one. Throws
    /// <see cref="ConfigurationException"/> where the key is missing or another, <see cref="DamagedFileException"/> where its file is damaged.
    /// </summary>
    public static void Require(Config config)
    {
        var file = SecretsKey.FileOf(config);
        if (file.Length == 0) return;
        var known = Store.OnJournal(config, connection => IdentityTable.Read(connection, IdentityTable.Key));
        if (SecretsKey.Read(file) is not { } key)
        {
            if (known is not null)
                throw new ConfigurationException($"{file} is missing, and the store's secrets are encrypted with the key {known}: put it back from a backup, or copy it from another process of the cluster (actororch.secrets.key-file)");
            key = SecretsKey.Create(file);
        }
        var kept = Store.OnJournal(config, connection => IdentityTable.Put(connection, IdentityTable.Key, key.Id));
        if (kept != key.Id)
            throw new ConfigurationException($"{file} holds the key {key.Id}, and the store's secrets are encrypted with the key {kept}: copy that from another process of the cluster, or put it back from a backup (actororch.secrets.key-file)");
        foreach (var (table, column) in (ReadOnlySpan<(string, string)>)[("journal", "message"), ("snapshot", "snapshot")])
            Store.OnTable(config, table, connection => PlainSecrets.Encrypt(connection, table, column, key));
    }
}
