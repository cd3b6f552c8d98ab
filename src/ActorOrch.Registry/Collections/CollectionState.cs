using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ActorOrch.Registry.Collections.Tree;
using ActorOrch.Registry.Persistence.Records;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Collections;

/// <summary>
/// The pure core of a collection: its objects, the claims they hold and the counter of revisions. Immutable: a batch that could not be
/// made durable is undone by going on from the state before it.
/// </summary>
public sealed class CollectionState
{
    private readonly ImmutableDictionary<string, ObjectKey> _claims;

    /// <summary>Of a kind whose objects claim something; null for all others.</summary>
    private readonly KindRules? _claiming;

    private CollectionState(ResourceId resource, Snapshot snapshot, ImmutableDictionary<string, ObjectKey> claims, KindRules? claiming)
    {
        Resource = resource;
        Snapshot = snapshot;
        _claims = claims;
        _claiming = claiming;
    }

    public ResourceId Resource { get; }

    public Snapshot Snapshot { get; }

    public long Revision => Snapshot.Revision;

    public static CollectionState Empty(ResourceType type) => Empty(type, type.Rules.Claiming);

    /// <param name="claiming">What the objects claim; null for nothing.</param>
    internal static CollectionState Empty(ResourceId resource, KindRules? claiming) => new(resource, Snapshot.Empty, ImmutableDictionary<string, ObjectKey>.Empty, claiming);

    /// <summary>The collection as a durable snapshot holds it.</summary>
    /// <param name="revision">Of the last change in it; may be above that of every object, after removals.</param>
    public static CollectionState Restore(ResourceType type, long revision, IEnumerable<StoredObject> objects) => Restore(type, type.Rules.Claiming, revision, objects);

    /// <inheritdoc cref="Restore(ResourceType, long, IEnumerable{StoredObject})"/>
    internal static CollectionState Restore(ResourceId resource, KindRules? claiming, long revision, IEnumerable<StoredObject> objects)
    {
        var snapshot = new Snapshot(revision, ObjectTree.Of(objects));
        var claims = ImmutableDictionary.CreateBuilder<string, ObjectKey>();
        if (claiming is not null)
            foreach (var obj in snapshot.Objects.Values)
                foreach (var claim in claiming.Claims(obj.ToJson()))
                    claims[claim] = obj.Key;
        return new(resource, snapshot, claims.ToImmutable(), claiming);
    }

    /// <summary>For a mirror, which checks no writes.</summary>
    internal static CollectionState WithoutClaims(ResourceId resource, Snapshot snapshot) =>
        new(resource, snapshot, ImmutableDictionary<string, ObjectKey>.Empty, claiming: null);

    /// <summary>
    /// Checks each write against what the writes before it leave and applies it where it fits. A replacement that changes nothing
    /// commits without a new revision, as upstream's store has it.
    /// </summary>
    public Commit Apply(params IReadOnlyList<Write> batch)
    {
        var builder = new SnapshotBuilder(Snapshot);
        var claims = _claims.ToBuilder();
        var changes = new List<Change>(batch.Count);
        var results = new WriteResult[batch.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var write = batch[i];
            var current = builder.Get(write.Key);
            var follows = i > 0 && results[i - 1].Outcome == WriteOutcome.Committed && batch[i - 1].Key == write.Key;
            if ((Refuse(write, current, follows) ?? RefuseSize(write, current)) is { } refused)
            {
                results[i] = refused;
                continue;
            }
            if (write is Write.Replace replace && RevisionSplice.IsSame(replace.Draft, current!))
            {
                results[i] = new(WriteOutcome.Committed, current);
                continue;
            }
            if (_claiming is not null && TakeClaims(claims, write, current) is { } taken)
            {
                results[i] = new(WriteOutcome.ClaimTaken, current, taken);
                continue;
            }
            var revision = Revision + changes.Count + 1;
            var change = write switch
            {
                Write.Create create => new Change(ChangeKind.Added, Store(create.Draft, builder.Shared(create.Draft.Key), revision), null),
                Write.Replace update => new Change(ChangeKind.Modified, Store(update.Draft, current!.Key, revision), current),
                Write.Remove remove => new Change(ChangeKind.Deleted, LastState(remove, current!, revision), current),
                _ => throw new ArgumentException($"unknown write {write.GetType()}", nameof(batch)),
            };
            builder.Redo(change);
            changes.Add(change);
            results[i] = new(WriteOutcome.Committed, change.Object);
        }
        if (changes.Count == 0) return new(this, results, []);
        return new(new(Resource, builder.Build(Revision + changes.Count), claims.ToImmutable(), _claiming), results, changes);
    }

    /// <summary>Applies commits that are durable already: what recovery reads from the journal, and what a mirror gets from the owner.</summary>
    /// <param name="records">In order, each following on the one before.</param>
    /// <returns>The collection after them, and the changes with the versions they replaced.</returns>
    internal (CollectionState After, IReadOnlyList<Change> Changes) Replay(params IReadOnlyList<CommitRecord> records)
    {
        var builder = new SnapshotBuilder(Snapshot);
        var claims = _claims.ToBuilder();
        var changes = new List<Change>(records.Count);
        var revision = Revision;
        foreach (var record in records)
        {
            if (record.FirstRevision != revision + 1)
                throw new DamagedRecordException($"{Resource}: the commit of revision {record.FirstRevision} does not follow on revision {revision}");
            foreach (var recorded in record.Changes)
            {
                var previous = builder.Get(recorded.Key);
                var key = previous?.Key ?? builder.Shared(recorded.Key);
                var change = new Change(recorded.Kind, new(Resource, key, ++revision, recorded.Json), previous);
                if (_claiming is not null) MoveClaims(claims, previous, change.Kind == ChangeKind.Deleted ? null : change.Object);
                builder.Redo(change);
                changes.Add(change);
            }
        }
        return (new(Resource, builder.Build(revision), claims.ToImmutable(), _claiming), changes);
    }

    private static WriteResult? Refuse(Write write, StoredObject? current, bool follows) => write switch
    {
        Write.Create => current is null ? null : new(WriteOutcome.AlreadyExists, current),
        Write.Replace replace => RefuseUnless(replace.ExpectedRevision, current, follows),
        Write.Remove remove => RefuseUnless(remove.ExpectedRevision, current, follows),
        _ => null,
    };

    // Whoever writes, the system's own writers included. What was stored before there was a limit may shrink.
    private WriteResult? RefuseSize(Write write, StoredObject? current)
    {
        if (write.Bytes <= ObjectSize.Most + ObjectSize.SystemRoom || write is Write.Remove || write.Bytes <= current?.Json.Length) return null;
        return new(WriteOutcome.TooLarge, current, ObjectSize.Describe(Resource, write.Key, write.Bytes));
    }

    private static WriteResult? RefuseUnless(long expected, StoredObject? current, bool follows)
    {
        if (current is null) return new(WriteOutcome.NotFound);
        return (expected == Write.AfterPrevious ? follows : current.Revision == expected) ? null : new(WriteOutcome.Conflict, current);
    }

    private StoredObject Store(ObjectDraft draft, ObjectKey key, long revision) => new(Resource, key, revision, draft.AtRevision(revision));

    private StoredObject LastState(Write.Remove remove, StoredObject current, long revision) =>
        remove.Final is { } final ? Store(final, current.Key, revision) : new(Resource, current.Key, revision, RevisionSplice.At(current.Json, revision));

    /// <summary>Moves the claims of <paramref name="current"/> to what the write makes of it, or returns the one that another object holds.</summary>
    private string? TakeClaims(ImmutableDictionary<string, ObjectKey>.Builder claims, Write write, StoredObject? current)
    {
        var draft = write switch
        {
            Write.Create create => create.Draft,
            Write.Replace replace => replace.Draft,
            _ => null,
        };
        var wanted = draft is null ? [] : ClaimsOf(draft.Json);
        foreach (var claim in wanted)
            if (claims.TryGetValue(claim, out var holder) && holder != write.Key)
                return claim;
        if (current is not null) claims.RemoveRange(ClaimsOf(current.Json));
        foreach (var claim in wanted) claims[claim] = write.Key;
        return null;
    }

    private void MoveClaims(ImmutableDictionary<string, ObjectKey>.Builder claims, StoredObject? before, StoredObject? after)
    {
        if (before is not null) claims.RemoveRange(ClaimsOf(before.Json));
        if (after is null) return;
        foreach (var claim in ClaimsOf(after.Json)) claims[claim] = after.Key;
    }

    private string[] ClaimsOf(byte[] json) => [.. _claiming!.Claims(JsonNode.Parse(json)!.AsObject())];
}
