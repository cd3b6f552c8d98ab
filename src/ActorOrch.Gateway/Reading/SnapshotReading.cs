using ActorOrch.Gateway.Answers;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Reading;

/// <summary>Reads a collection at the revision that a request asks for.</summary>
internal static class SnapshotReading
{
    // As upstream: a client that is ahead of this process waits this long for it to catch up.
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(3);

    /// <summary>Unset: everything acknowledged so far. 0: what is at hand. Otherwise: not older than that.</summary>
    public static ValueTask<Snapshot> ReadAsync(ICollection collection, long? revision, TimeProvider time, CancellationToken cancel) => revision switch
    {
        null => collection.ReadConsistentAsync(cancel),
        0 => new(collection.Latest),
        { } least when least <= collection.Latest.Revision => new(collection.Latest),
        { } least => CatchUpAsync(collection, least, time, cancel),
    };

    /// <summary>What a list shows, and the key after which its page begins. Throws 410 where history no longer holds the revision.</summary>
    public static async ValueTask<(Snapshot Snapshot, ObjectKey? After)> ReadListAsync(
        ICollection collection, ListQuery query, TimeProvider time, CancellationToken cancel)
    {
        if (query.Continue.Length > 0)
        {
            var token = ContinueToken.Decode(query.Continue);
            var rest = token.IsInconsistent
                ? await collection.ReadConsistentAsync(cancel).ConfigureAwait(false)
                : await FindExactlyAsync(collection, token.Revision, time, cancel).ConfigureAwait(false) ?? throw token.Expired();
            return (rest, token.After);
        }
        if (!query.MatchExact) return (await ReadAsync(collection, query.Revision, time, cancel).ConfigureAwait(false), null);
        var exact = await FindExactlyAsync(collection, query.Revision!.Value, time, cancel).ConfigureAwait(false);
        return (exact ?? throw ApiException.Expired("The resourceVersion for the provided list is too old."), null);
    }

    private static async ValueTask<Snapshot?> FindExactlyAsync(ICollection collection, long revision, TimeProvider time, CancellationToken cancel)
    {
        if (revision > collection.Latest.Revision) await CatchUpAsync(collection, revision, time, cancel).ConfigureAwait(false);
        return await collection.AtAsync(revision, cancel).ConfigureAwait(false);
    }

    private static async ValueTask<Snapshot> CatchUpAsync(ICollection collection, long least, TimeProvider time, CancellationToken cancel)
    {
        using var patience = new Patience(CatchUp, cancel, time);
        try
        {
            return await collection.ReadAtLeastAsync(least, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsOver)
        {
            throw Failures.TooLargeRevision(least, collection.Latest.Revision);
        }
    }
}
