using ActorOrch.Registry.Checkpoints;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Persistence.Records;
using Akka.Actor;
using Akka.Serialization;

namespace ActorOrch.Registry.Persistence;

/// <summary>
/// The formats of the journal, its snapshots and the messages between processes. A manifest is a name and a version; a format that
/// changes gets the next version, and the old one stays readable. The golden files in the tests hold them still.
/// </summary>
public sealed class RegistrySerializer : SerializerWithStringManifest
{
    internal const int Id = 7401;

    private const string CommitBare = RecordFormats.CommitBare;
    private const string Commit = RecordFormats.Commit;
    private const string CollectionWhole = RecordFormats.CollectionWhole;
    private const string CollectionBare = RecordFormats.CollectionBare;
    private const string Collection = RecordFormats.Collection;
    private const string ObjectsBare = RecordFormats.ObjectsBare;
    private const string Objects = RecordFormats.Objects;
    internal const string WriteRequest = "write-request/1";
    private const string WriteReply = "write-reply/1";
    internal const string RevisionRequest = "revision-request/1";
    private const string RevisionReply = "revision-reply/1";
    internal const string FollowRequest = "follow-request/1";
    internal const string FollowSelectedRequest = "follow-selected-request/1";
    private const string FollowCommits = "follow-commits/1";
    private const string FollowObjects = "follow-objects/1";
    private const string FollowSelected = "follow-selected/1";
    private const string HandOff = "hand-off/1";
    private const string StoreProbe = "store-probe/1";
    private const string ActorRecord = RecordFormats.OfActor;

    private readonly Lazy<SecretsKey?> _key;

    public RegistrySerializer(ExtendedActorSystem system)
        : base(system) => _key = new(() => SecretsKey.Of(system.Settings.Config));

    /// <summary>Stored with every journal row: never changes.</summary>
    public override int Identifier => Id;

    public override string Manifest(object o) => o switch
    {
        CommitRecord => Commit,
        CollectionRecord => Collection,
        ObjectsRecord => Objects,
        Collections.WriteRequest => WriteRequest,
        Collections.WriteReply => WriteReply,
        Collections.RevisionRequest => RevisionRequest,
        Collections.RevisionReply => RevisionReply,
        Collections.FollowRequest => FollowRequest,
        Collections.FollowSelectedRequest => FollowSelectedRequest,
        Collections.FollowCommits => FollowCommits,
        Collections.FollowObjects => FollowObjects,
        Collections.FollowSelected => FollowSelected,
        Collections.HandOff => HandOff,
        Health.StoreProbe => StoreProbe,
        Records.ActorRecord => ActorRecord,
        _ => throw new ArgumentException($"no format for {o.GetType()}", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        CommitRecord commit => RecordFormats.Write(commit, KeyFor(commit)),
        CollectionRecord collection => RecordFormats.Write(collection, KeyFor(collection)),
        ObjectsRecord objects => RecordFormats.Write(objects, KeyFor(objects)),
        Collections.WriteRequest request => MessageFormats.Write(request),
        Collections.WriteReply reply => MessageFormats.Write(reply),
        Collections.RevisionRequest request => MessageFormats.Write(request),
        Collections.RevisionReply reply => MessageFormats.Write(reply),
        Collections.FollowRequest request => MessageFormats.Write(request),
        Collections.FollowSelectedRequest request => MessageFormats.Write(request),
        Collections.FollowCommits commits => MessageFormats.Write(commits),
        Collections.FollowObjects objects => MessageFormats.Write(objects),
        Collections.FollowSelected selected => MessageFormats.Write(selected),
        Collections.HandOff => [],
        Health.StoreProbe probe => RecordFormats.Write(probe),
        Records.ActorRecord record => Write(record),
        _ => throw new ArgumentException($"no format for {obj.GetType()}", nameof(obj)),
    };

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        CommitBare or Commit or CollectionWhole or CollectionBare or Collection or ObjectsBare or Objects => RecordFormats.Read(bytes, manifest, Key),
        WriteRequest => MessageFormats.ReadWriteRequest(new(bytes)),
        WriteReply => MessageFormats.ReadWriteReply(new(bytes)),
        RevisionRequest => MessageFormats.ReadRevisionRequest(new(bytes)),
        RevisionReply => MessageFormats.ReadRevisionReply(new(bytes)),
        FollowRequest => MessageFormats.ReadFollowRequest(new(bytes)),
        FollowSelectedRequest => MessageFormats.ReadFollowSelectedRequest(new(bytes)),
        FollowCommits => MessageFormats.ReadFollowCommits(new(bytes)),
        FollowObjects => MessageFormats.ReadFollowObjects(new(bytes)),
        FollowSelected => MessageFormats.ReadFollowSelected(new(bytes)),
        HandOff => Collections.HandOff.Instance,
        StoreProbe => RecordFormats.ReadProbe(new(bytes)),
        ActorRecord => ReadActorRecord(bytes),
        _ => throw new System.Runtime.Serialization.SerializationException($"unknown manifest {manifest}: written by a newer version?"),
    };

    private byte[] Write(ActorRecord record)
    {
        var serializer = system.Serialization.FindSerializerFor(record.Content);
        return new PackedRecord(serializer.Identifier, Serialization.ManifestFor(serializer, record.Content), serializer.ToBinary(record.Content)).Write(record.Place);
    }

    private ActorRecord ReadActorRecord(byte[] bytes)
    {
        var place = RecordPlace.Unknown;
        try
        {
            var packed = PackedRecord.Read(bytes, out place);
            return new(place, system.Serialization.Deserialize(packed.Content, packed.Serializer, packed.Manifest));
        }
        catch (DamagedRecordException damage)
        {
            return new(place, damage);
        }
    }

    private SecretsKey? Key() => _key.Value;

    private SecretsKey? KeyFor(IPlacedRecord record) => PlainSecrets.IsSecret(record.Place) ? Key() : null;
}
