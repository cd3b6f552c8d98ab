using System.Reflection;
using System.Text;
using ActorOrch.Registry.Checkpoints;
using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following.Selected;
using ActorOrch.Registry.Health;
using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Persistence.Records;
using ActorOrch.Registry.Watching;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Objects;
using Akka.Actor;

namespace ActorOrch.Registry.Tests.Persistence;

/// <summary>
/// Each format as it was when it was released, in <c>Golden/</c> as hexadecimal text. A file must never change or go: a format that has to
/// change gets a new version (<c>commit/2</c>), a file of its own in <see cref="Formats"/>, and its old row moves to <see cref="Older"/> with
/// what the old file means now. A change of what is stored gets a directory in <c>Golden/Stores</c>, too: see <see cref="GoldenStoresTests"/>.
/// </summary>
public sealed class GoldenFilesTests : IDisposable
{
    private static readonly ObjectKey Key = new("default", "größe");
    private static readonly byte[] Json = "{\"metadata\":{\"resourceVersion\":\"300\"}}"u8.ToArray();
    private static readonly ObjectDraft Draft = ObjectDraft.FromEncoded(Key, "{\"metadata\":{\"resourceVersion\":\"\"}}"u8.ToArray(), 32);
    private static readonly CommitRecord Commit = new(300, 1_700_000_000_000,
        [new(ChangeKind.Added, Key, Json), new(ChangeKind.Modified, ObjectKey.ClusterScoped("node"), Json), new(ChangeKind.Deleted, Key, Json)]);

    private readonly ActorSystem _system = ActorSystem.Create("golden", ActorOrchConfig.Load(new() { Overrides = "akka.actor.provider = local" }));

    public void Dispose() => _system.Dispose();

    public static TheoryData<string, object> Formats => new()
    {
        { "commit-2", Commit with { Place = new("collection/configmaps", 41) } },
        {
            "collection-3", new CollectionRecord(
                new(400, 350, 1_700_000_000_000, 3), [Checkpoint.Beginning, new(200, 170, 1_600_000_000_000, 0)],
                [new(Key, 300, Json), new(ObjectKey.ClusterScoped("node"), 7, Json)]) { Place = new("collection/configmaps", 350) }
        },
        { "objects-2", new ObjectsRecord([new(Key, 300, Json), new(ObjectKey.ClusterScoped("node"), 7, Json)]) { Place = new("collection-parts/configmaps", 350L << 16) } },
        { "write-request-1", new WriteRequest("apps/deployments", [new Write.Create(Draft), new Write.Replace(Draft, 299), new Write.Remove(Key, 299), new Write.Remove(Key, 299, Draft)]) },
        {
            "write-reply-1", new WriteReply(
            [
                new(WriteOutcome.Committed, new(Key, 300, Json), null), new(WriteOutcome.AlreadyExists, new(Key, 300, Json), null),
                new(WriteOutcome.NotFound, null, null), new(WriteOutcome.Conflict, new(Key, 300, Json), null),
                new(WriteOutcome.ClaimTaken, null, "clusterIP:10.0.0.1"), new(WriteOutcome.Unavailable, null, "no disk"),
            ])
        },
        { "revision-request-1", new RevisionRequest("pods") },
        { "revision-reply-1", new RevisionReply(long.MaxValue) },
        { "follow-request-1", new FollowRequest("pods", 3, 300) },
        { "follow-selected-request-1", new FollowSelectedRequest("secrets", 3, 300, FollowFilter.PodsOf("node-1", "größe"), 290) },
        { "follow-commits-1", new FollowCommits(3, 1, 305, [Commit, Commit]) },
        { "follow-objects-1", new FollowObjects(3, 128, 400, true, [new(Key, 300, Json)]) },
        { "follow-selected-1", new FollowSelected(3, 128, 400, 390, [new(Key, 300, Json)], [ObjectKey.ClusterScoped("node"), Key]) },
        { "hand-off-1", HandOff.Instance },
        { "store-probe-1", new StoreProbe([0, 1, 255]) },
        { "actor-record-1", new ActorRecord(new("node-größe", 41), new StoreProbe([0, 1, 255])) },
    };

    /// <summary>Files of formats that are not written any more, and what they are read as.</summary>
    public static TheoryData<string, object> Older => new()
    {
        { "commit-1", Commit },
        {
            "collection-2", new CollectionRecord(
                new(400, 350, 1_700_000_000_000, 3), [Checkpoint.Beginning, new(200, 170, 1_600_000_000_000, 0)],
                [new(Key, 300, Json), new(ObjectKey.ClusterScoped("node"), 7, Json)])
        },
        { "objects-1", new ObjectsRecord([new(Key, 300, Json), new(ObjectKey.ClusterScoped("node"), 7, Json)]) },
        {
            "collection-1", new CollectionRecord(
                new(400, SequenceNumber: 0, CommittedAtMilliseconds: 0, Parts: 0), [], [new(Key, 300, Json), new(ObjectKey.ClusterScoped("node"), 7, Json)])
        },
    };

    /// <summary>Every manifest that the serializer knows, of whatever version.</summary>
    private static IEnumerable<string> Manifests => typeof(RegistrySerializer)
        .GetFields(BindingFlags.NonPublic | BindingFlags.Static)
        .Where(f => f.IsLiteral && f.FieldType == typeof(string))
        .Select(f => (string)f.GetRawConstantValue()!);

    private static string Directory => Path.Combine(AppContext.BaseDirectory, "Persistence", "Golden");

    [Fact]
    public void Every_version_of_every_format_has_its_file_and_no_file_is_without_a_format()
    {
        var files = System.IO.Directory.GetFiles(Directory, "*.hex").Select(f => Path.GetFileNameWithoutExtension(f)!);
        Assert.Equal(Manifests.Select(m => m.Replace('/', '-')).Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
        foreach (var format in Manifests.GroupBy(m => m.Split('/')[0], m => int.Parse(m.Split('/')[1])))
            Assert.Equal(Enumerable.Range(1, format.Count()), format.Order());
        Assert.Equal(Manifests.Count(), Formats.Count() + Older.Count());
    }

    [Theory]
    [MemberData(nameof(Formats), DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Older), DisableDiscoveryEnumeration = true)]
    public void A_file_means_what_it_meant(string file, object value)
    {
        var serializer = new RegistrySerializer((ExtendedActorSystem)_system);
        var bytes = Convert.FromHexString(File.ReadAllText(Path.Combine(Directory, $"{file}.hex"), Encoding.ASCII).Trim());

        var read = serializer.FromBinary(bytes, $"{file[..file.LastIndexOf('-')]}/{file[(file.LastIndexOf('-') + 1)..]}");

        Assert.Equivalent(value, read, strict: true);
    }

    [Theory]
    [MemberData(nameof(Formats), DisableDiscoveryEnumeration = true)]
    public void A_format_is_what_it_was_when_it_was_released(string file, object value)
    {
        var serializer = new RegistrySerializer((ExtendedActorSystem)_system);
        var manifest = serializer.Manifest(value);
        var golden = Path.Combine(Directory, $"{file}.hex");

        var written = Convert.ToHexStringLower(serializer.ToBinary(value));
        Assert.True(File.Exists(golden), $"{golden} is missing; it would be {written}");
        var expected = File.ReadAllText(golden, Encoding.ASCII).Trim();

        Assert.Equal(file, manifest.Replace('/', '-'));
        Assert.Equal(expected, written);
        var read = serializer.FromBinary(Convert.FromHexString(expected), manifest);
        Assert.Equal(value.GetType(), read.GetType());
        Assert.Equal(expected, Convert.ToHexStringLower(serializer.ToBinary(read)));
    }

    [Theory]
    [MemberData(nameof(Formats), DisableDiscoveryEnumeration = true)]
    public void A_format_that_was_cut_short_is_refused(string file, object value)
    {
        var serializer = new RegistrySerializer((ExtendedActorSystem)_system);
        var bytes = serializer.ToBinary(value);

        if (bytes.Length > 0) Assert.ThrowsAny<FormatException>(() => Read(serializer, bytes[..^1], serializer.Manifest(value)));
        Assert.Throws<System.Runtime.Serialization.SerializationException>(() => serializer.FromBinary(bytes, $"{file}/99"));
    }

    [Fact]
    public void Of_every_record_that_has_a_place_each_bit_is_looked_after()
    {
        var serializer = new RegistrySerializer((ExtendedActorSystem)_system);
        var records = Formats.Select(f => f[1]).OfType<IPlacedRecord>().ToList();
        Assert.Equal(
            typeof(IPlacedRecord).Assembly.GetTypes().Where(t => t is { IsAbstract: false } && t.IsAssignableTo(typeof(IPlacedRecord))).Select(t => t.Name).Order(),
            records.Select(r => r.GetType().Name).Distinct().Order());
        foreach (var record in records)
        {
            var bytes = serializer.ToBinary(record);
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                var damaged = bytes.ToArray();
                damaged[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.ThrowsAny<FormatException>(() => Read(serializer, damaged, serializer.Manifest(record)));
            }
        }
    }

    [Fact]
    public void A_collection_of_the_version_before_still_loads()
    {
        var golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Persistence", "Golden", "collection-1.hex"), Encoding.ASCII).Trim();

        var read = (CollectionRecord)new RegistrySerializer((ExtendedActorSystem)_system).FromBinary(Convert.FromHexString(golden), "collection/1");
        var stored = read.StoredAs(new("collection/configmaps", 350, DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000).UtcDateTime));

        Assert.Equal(new(400, 350, 1_700_000_000_000, 0), stored.Checkpoint);
        Assert.Empty(stored.Earlier);
        Assert.Equal([(Key, 300L), (ObjectKey.ClusterScoped("node"), 7L)], stored.Objects.Select(o => (o.Key, o.Revision)));
        Assert.All(stored.Objects, o => Assert.Equal(Json, o.Json));
    }

    /// <summary>Who reads an actor's record throws what is wrong with it.</summary>
    private static object Read(RegistrySerializer serializer, byte[] bytes, string manifest) => serializer.FromBinary(bytes, manifest) switch
    {
        ActorRecord { Content: DamagedRecordException damage } => throw damage,
        var read => read,
    };

    [Fact]
    public void A_number_of_any_size_survives()
    {
        foreach (var number in new[] { 0, 1, 127, 128, 16_383, 16_384, long.MaxValue })
        {
            var writer = new WireWriter(1);
            writer.Number(number);
            Assert.Equal(number, new WireReader(writer.Finish()).Number());
        }
    }
}
