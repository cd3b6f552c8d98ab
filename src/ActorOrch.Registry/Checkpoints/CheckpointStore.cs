using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence.Records;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using Akka.Actor;
using Akka.Persistence;

namespace ActorOrch.Registry.Checkpoints;

/// <summary>What reads and rebuilds found missing: compaction has removed it meanwhile.</summary>
internal sealed class HistoryCutException(string what) : Exception(what);

/// <summary>
/// The checkpoints of one collection in Akka's snapshot store. A large one is several rows, so that no row and no transaction is large: the
/// first, under the collection's own id, is what a recovery finds; it is written last, so that a checkpoint that can be found is complete.
/// </summary>
/// <remarks>
/// The parts are found by the first row's sequence number. What they hold follows from the journal up to it: should two processes that both
/// think they own the collection write the same checkpoint, they write the same bytes.
/// </remarks>
internal sealed class CheckpointStore(IActorRef snapshots, ResourceId resource, TimeProvider time)
{
    /// <summary>Objects of about this many bytes fill a part. A part of the format: never changes.</summary>
    private const int PartBytes = 512 * 1024;

    private const int PartNumberBits = 16;

    /// <summary>Of the ids under which parts are stored. Never changes.</summary>
    internal const string PartsPrefix = "collection-parts/";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _id = CollectionActor.PersistenceIdOf(resource);
    private readonly string _partsId = $"{PartsPrefix}{resource.Collection}";

    /// <summary>Stores a checkpoint, part after part. Throws what the store failed with.</summary>
    /// <param name="objects">All of them, by key.</param>
    public async Task<CollectionRecord> SaveAsync(
        Checkpoint checkpoint, IReadOnlyList<Checkpoint> earlier, IEnumerable<StoredObject> objects, CancellationToken cancel)
    {
        List<RecordedObject>? first = null;
        var part = new List<RecordedObject>();
        var bytes = 0;
        var parts = 0;
        foreach (var obj in objects)
        {
            if (bytes >= PartBytes)
            {
                if (first is null) first = part;
                else await SavePartAsync(checkpoint, ++parts, part, cancel).ConfigureAwait(false);
                part = [];
                bytes = 0;
            }
            part.Add(RecordedObject.Of(obj));
            bytes += obj.Json.Length;
        }
        if (first is null) first = part;
        else await SavePartAsync(checkpoint, ++parts, part, cancel).ConfigureAwait(false);
        var record = new CollectionRecord(checkpoint with { Parts = parts }, earlier, first) { Place = new(_id, checkpoint.SequenceNumber) };
        await SaveAsync(_id, checkpoint.SequenceNumber, record, cancel).ConfigureAwait(false);
        return record;
    }

    /// <summary>The newest checkpoint's first row; null where none was stored yet.</summary>
    public Task<CollectionRecord?> LatestAsync(CancellationToken cancel) => LoadAsync<CollectionRecord>(_id, SnapshotSelectionCriteria.Latest, cancel);

    /// <summary>The objects of a checkpoint, by key, a part at a time; the next is fetched while the caller is busy with one.</summary>
    public async IAsyncEnumerable<IReadOnlyCollection<RecordedObject>> ObjectsAsync(
        Checkpoint checkpoint, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        if (checkpoint.SequenceNumber == 0) yield break;
        var first = await LoadAsync<CollectionRecord>(_id, Exactly(checkpoint.SequenceNumber), cancel).ConfigureAwait(false);
        if (first is null) throw Missing(checkpoint);
        await foreach (var objects in ObjectsAsync(first, cancel).ConfigureAwait(false)) yield return objects;
    }

    /// <inheritdoc cref="ObjectsAsync(Checkpoint, CancellationToken)"/>
    public async IAsyncEnumerable<IReadOnlyCollection<RecordedObject>> ObjectsAsync(
        CollectionRecord record, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var checkpoint = record.Checkpoint;
        var next = LoadPartAsync(checkpoint, 1, cancel);
        yield return record.Objects;
        for (var part = 1; part <= checkpoint.Parts; part++)
        {
            var current = await next.ConfigureAwait(false) ?? throw Missing(checkpoint);
            next = LoadPartAsync(checkpoint, part + 1, cancel);
            yield return current.Objects;
        }
    }

    /// <summary>Removes all that is older than a checkpoint, what attempts left behind that came to nothing included.</summary>
    public async Task RemoveBeforeAsync(Checkpoint oldest, CancellationToken cancel)
    {
        await RemoveAsync(_partsId, PartNumber(oldest, 0), cancel).ConfigureAwait(false);
        await RemoveAsync(_id, oldest.SequenceNumber - 1, cancel).ConfigureAwait(false);
    }

    /// <summary>Of a row, the first row of the checkpoint that it is a part of.</summary>
    internal static (string Id, long Number) OfPart(string id, long number) => id.StartsWith(PartsPrefix, StringComparison.Ordinal)
        ? ($"collection/{id[PartsPrefix.Length..]}", number >> PartNumberBits)
        : (id, number);

    private static long PartNumber(Checkpoint checkpoint, int part) => checked((checkpoint.SequenceNumber << PartNumberBits) + part);

    private static SnapshotSelectionCriteria Exactly(long number) => new(number, DateTime.MaxValue, number);

    private static HistoryCutException Missing(Checkpoint checkpoint) => new($"the checkpoint of revision {checkpoint.Revision} is not in the store");

    private Task<ObjectsRecord?> LoadPartAsync(Checkpoint checkpoint, int part, CancellationToken cancel) => part <= checkpoint.Parts
        ? LoadAsync<ObjectsRecord>(_partsId, Exactly(PartNumber(checkpoint, part)), cancel)
        : Task.FromResult<ObjectsRecord?>(null);

    private Task SavePartAsync(Checkpoint checkpoint, int part, IReadOnlyCollection<RecordedObject> objects, CancellationToken cancel)
    {
        var number = PartNumber(checkpoint, part);
        return SaveAsync(_partsId, number, new ObjectsRecord(objects) { Place = new(_partsId, number) }, cancel);
    }

    private async Task SaveAsync(string id, long number, IPlacedRecord row, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var answer = await snapshots.Ask<object>(new SaveSnapshot(new(id, number, time.GetUtcNow().UtcDateTime), row), Patience, cancel).ConfigureAwait(false);
        if (answer is SaveSnapshotFailure failure) throw failure.Cause;
    }

    private async Task<T?> LoadAsync<T>(string id, SnapshotSelectionCriteria criteria, CancellationToken cancel) where T : class
    {
        var answer = await snapshots.Ask<object>(new LoadSnapshot(id, criteria, long.MaxValue), Patience, cancel).ConfigureAwait(false);
        if (answer is LoadSnapshotFailed failed) throw failed.Cause;
        // Not every store heeds the lower bound.
        if (answer is not LoadSnapshotResult { Snapshot: { } found } || found.Metadata.SequenceNr < criteria.MinSequenceNr) return null;
        (found.Snapshot as IPlacedRecord)?.Place.Require(id, found.Metadata.SequenceNr);
        return found.Snapshot is CollectionRecord record ? (T)(object)record.StoredAs(found.Metadata) : (T)found.Snapshot;
    }

    private async Task RemoveAsync(string id, long upTo, CancellationToken cancel)
    {
        var answer = await snapshots.Ask<object>(new DeleteSnapshots(id, new(upTo)), Patience, cancel).ConfigureAwait(false);
        if (answer is DeleteSnapshotsFailure failure) throw failure.Cause;
    }
}
