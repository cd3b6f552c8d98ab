using System.Data.Common;
using System.Security.Cryptography;
using ActorOrch.Gateway.Pki;
using ActorOrch.Registry.Files;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Persistence.Identity;
using ActorOrch.Registry.Persistence.Keeping;
using ActorOrch.Registry.Persistence.Sqlite;
using Akka.Configuration;
using Akka.Event;
using Microsoft.Data.Sqlite;

namespace ActorOrch.Hosting;

/// <summary>
/// The way into the store: it opens only where store, keys, cluster's id and data directory belong together. An empty store in the place of one
/// that was lost would make nobody's of everything that runs.
/// </summary>
internal sealed class StoreGate
{
    private const int IdLength = 32;

    // SQLite's primary result codes (sqlite.org/rescode.html).
    private const int Corrupt = 11, NotADatabase = 26;

    private readonly OpenStore? _open;

    private StoreGate(string storeId, ClusterPki pki, OpenStore? open)
    {
        _open = open;
        StoreId = storeId;
        Pki = pki;
    }

    public string StoreId { get; }

    public ClusterPki Pki { get; }

    /// <summary>
    /// Prepares the store, and marks what is new: the databases first, the keys next, the directory's own id last, so that whoever finds that
    /// finds everything. Throws <see cref="StartupException"/>.
    /// </summary>
    public static async Task<StoreGate> OpenAsync(DataDirectory data, HostConfig config, TimeProvider time)
    {
        try
        {
            return await OpenStoreAsync(data, config, time).ConfigureAwait(false);
        }
        catch (DamagedFileException e)
        {
            throw StartupException.Damaged(e, data.Path, config.File);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
        {
            throw new StartupException($"{Store.FirstDamaged(config.Akka) ?? data.Path} is damaged ({HostConfig.OneLine(e.Message)}): {StartupException.DataLost}\n{WhatToDo(data, config)}", e);
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException && DiskFailure.Explain(e, data.Path) is not null)
        {
            throw new StartupException($"the store in {data.Path} cannot be used: {DiskFailure.Explain(e, data.Path)}", e);
        }
        catch (Exception e) when (e is ConfigurationException or DbException)
        {
            throw new StartupException($"the store cannot be used: {e.Message}", e);
        }
    }

    private static async Task<StoreGate> OpenStoreAsync(DataDirectory data, HostConfig config, TimeProvider time)
    {
        Lock(data, config);
        var seal = IsAlone(config) ? Store.SealOf(config.Akka) : null;
        if (!Store.SetsDamageAside(config.Akka) && seal?.Broken() is { } changed)
            throw new StartupException($"{changed} is not what it was when this cluster was last stopped: it was damaged, changed or replaced.\n{WhatToDo(data, config)}\nIf you changed it yourself, delete {seal.Path}: only what its records' own checksums show is found then.");
        var open = IsAlone(config) ? Store.OpenOf(config.Akka) : null;
        if (open is not null) RequireWhatWasLeft(data, open, config);
        var claim = StoreClaim.Of(Store.Inspect(config.Akka, data.Facts()));
        if (claim is StoreClaim.Refused refused) throw new StartupException($"{refused.Reason}: {StartupException.DataLost}\n{WhatToDo(data, config)}");
        var wasSealed = seal?.Break() == true;
        try
        {
            return await PrepareAsync(data, config, claim, wasSealed, open, time).ConfigureAwait(false);
        }
        catch
        {
            open?.End();
            // Nothing was written but what every start writes: what was known of the files is known as before.
            if (wasSealed) Seal(config);
            throw;
        }
    }

    private static async Task<StoreGate> PrepareAsync(DataDirectory data, HostConfig config, StoreClaim claim, bool wasSealed, OpenStore? open, TimeProvider time)
    {
        if (claim is StoreClaim.Confirmed confirmed)
        {
            // The keys take a while; of those that are damaged one has to hear before anything acts on what is stored.
            var keys = Task.Run(() => Keys.Load(data, config, time));
            Prepare(data, config, wasSealed);
            open?.Begin();
            return new(confirmed.StoreId, await keys.ConfigureAwait(false), open);
        }
        Prepare(data, config, wasSealed);
        var missing = (StoreClaim.ToMark)claim;
        var clusterId = missing.ClusterId ?? DataDirectory.NewClusterId();
        var storeId = Store.Mark(config.Akka, missing.StoreId ?? RandomNumberGenerator.GetHexString(IdLength, lowercase: true), clusterId);
        var pki = await Task.Run(() => Keys.Load(data, config, time)).ConfigureAwait(false);
        data.Mark(storeId, clusterId);
        open?.Begin();
        return new(storeId, pki, open);
    }

    /// <summary>
    /// Of a process that was killed, or that ended well, before SQLite changes anything. Where what is damaged is to be set aside, what is left of it
    /// has to do; but a file and the log of another are not put together.
    /// </summary>
    private static void RequireWhatWasLeft(DataDirectory data, OpenStore open, HostConfig config)
    {
        if (open.Mixed() is { } mixed)
            throw new StartupException($"{mixed}: {StartupException.DataLost}\n{WhatToDo(data, config)}\nIf file and log were put there on purpose, the two together, and what was written later is not wanted, delete {open.MarksPath}.");
        // In this order: to look at what the logs hold, SQLite makes anew what the first one looks at.
        Require(open.Lost(), $"If another program opened the files meanwhile and nothing is lost, delete {open.Path}.");
        Require(open.Older(), $"If it was put there on purpose, and what was written later is not wanted, delete {open.MarksPath}.");
        open.End();

        void Require(string? lost, string unless)
        {
            if (lost is null) return;
            if (!Store.SetsDamageAside(config.Akka)) throw new StartupException($"{lost}: {StartupException.DataLost}\n{WhatToDo(data, config)}\n{unless}");
            Console.Error.WriteLine($"actororch: {lost}: what was written last may be lost");
        }
    }

    private static string WhatToDo(DataDirectory data, HostConfig config) => StartupException.WhatToDo(data.Path, config.File);

    private static void Prepare(DataDirectory data, HostConfig config, bool wasSealed)
    {
        Store.Prepare(config.Akka);
        Lock(data, config);
        StoreKey.Require(config.Akka);
        Store.NoteRows(config.Akka);
        if (!Store.SetsDamageAside(config.Akka))
        {
            // What was sealed and is as it was has no damage. Another's process that has the same files goes on writing them; PostgreSQL shows them as at one moment.
            if (!wasSealed && (IsAlone(config) || Store.JournalFile(config.Akka) is null)) RequireSound(data, config);
            return;
        }
        var damaged = Store.SetDamageAside(config.Akka);
        if (damaged.Count > 0) Console.Error.WriteLine($"actororch: {damaged.Count} damaged rows were set aside, into the table \"damaged\" beside them:\n  {string.Join("\n  ", damaged)}");
    }

    private static void RequireSound(DataDirectory data, HostConfig config)
    {
        const int mostNamed = 10;
        var damaged = Store.FindDamage(config.Akka);
        if (damaged.Count == 0) return;
        var more = damaged.Count > mostNamed ? $"\nand {damaged.Count - mostNamed} rows more" : "";
        throw new StartupException($"the store is damaged: {string.Join('\n', damaged.Take(mostNamed))}{more}\n{WhatToDo(data, config)}\nTo go on without these rows, which are then kept aside: actororch.store.on-damage = set-aside (--config).");
    }

    /// <summary>Once the first of all is stored. Where the database does not answer just now, the next start says it.</summary>
    public static async Task NoteRowsAsync(HostConfig config, ILoggingAdapter log)
    {
        try
        {
            await Task.Run(() => Store.NoteRows(config.Akka)).ConfigureAwait(false);
        }
        catch (DbException e)
        {
            log.Warning("The database was not told that something is stored in it: {0}", e.Message);
        }
    }

    /// <summary>
    /// After the last write: says what the store's files are now, for the next start. Where one of them is lost, it is left as a process that is
    /// killed leaves it: what is in the logs may be all there is.
    /// </summary>
    public void Close(HostConfig config, StoreWatch watch)
    {
        if (_open is not null && watch.Lost is { } lost)
        {
            var isSaved = watch.HasDatabases && _open.Save();
            Console.Error.WriteLine(isSaved
                ? $"actororch: {lost}: what it held was copied into its database, and nothing is lost; the store is not sealed"
                : $"actororch: {lost}: the store is not closed");
            if (isSaved) _open.End();
            return;
        }
        try
        {
            _open?.End();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The logs stay, as the file says.
            Console.Error.WriteLine($"actororch: the store is not closed: {e.Message}");
            return;
        }
        Seal(config);
    }

    private static void Seal(HostConfig config)
    {
        if (!IsAlone(config) || Store.SealOf(config.Akka) is not { } seal) return;
        try
        {
            seal.TryWrite();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"actororch: the store's files are not sealed, and are not checked at the next start: {e.Message}");
        }
    }

    private static bool IsAlone(HostConfig config) => config.Akka.GetBoolean("actororch.store.sqlite.exclusive");

    private static void Lock(DataDirectory data, HostConfig config)
    {
        if (IsAlone(config) && Store.JournalFile(config.Akka) is { } file) data.LockDatabase(file);
    }
}
