using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace ActorOrch.Contracts.Nodes;

/// <summary>
/// The wire form of <see cref="IAgentMessage"/>: fields in the order of the record, little-endian; text as length-prefixed UTF-8,
/// documents as their length (4 bytes) and bytes, lists by their count. A change of form gets a new manifest.
/// </summary>
public sealed class AgentProtocolSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string HelloV1 = "hello.v1";
    private const string HeartbeatV1 = "heartbeat.v1";
    private const string HelloWantedV1 = "hello-wanted.v1";
    private const string AssignedV1 = "assigned.v1";
    private const string AssignedV2 = "assigned.v2";
    private const string ChangedV1 = "changed.v1";
    private const string StatusesV1 = "statuses.v1";
    private const string StoredV1 = "stored.v1";

    public override int Identifier => 4202;

    public override string Manifest(object o) => o switch
    {
        AgentHello => HelloV1,
        AgentHeartbeat => HeartbeatV1,
        HelloWanted => HelloWantedV1,
        AssignedPods => AssignedV2,
        PodsChanged => ChangedV1,
        PodStatuses => StatusesV1,
        PodStatusesStored => StoredV1,
        _ => throw new ArgumentException($"{o.GetType()} has no manifest here", nameof(o)),
    };

    public override byte[] ToBinary(object obj)
    {
        if (obj is not IAgentMessage message) throw new ArgumentException($"{obj.GetType()} cannot be written here", nameof(obj));
        using var stream = new MemoryStream(256);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(message.NodeName);
        switch (message)
        {
            case AgentHello hello:
                WriteDocument(writer, hello.NodeJson);
                writer.Write(hello.Incarnation);
                writer.Write(Serialization.SerializedActorPath(hello.Agent));
                break;
            case AgentHeartbeat heartbeat:
                writer.Write(heartbeat.Incarnation);
                break;
            case AssignedPods assigned:
                WriteAll(writer, assigned.PodsJson, WriteDocument);
                writer.Write(assigned.StoreId);
                writer.Write(assigned.NodeKnown);
                break;
            case PodsChanged changed:
                WriteAll(writer, changed.Changed, WriteDocument);
                WriteAll(writer, changed.Removed, static (w, uid) => w.Write(uid));
                break;
            case PodStatuses statuses:
                WriteAll(writer, statuses.Reports, WriteReport);
                break;
            case PodStatusesStored stored:
                WriteAll(writer, stored.Stored, static (w, s) =>
                {
                    w.Write(s.Uid);
                    w.Write(s.Sequence);
                });
                break;
        }
        writer.Flush();
        return stream.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        var node = reader.ReadString();
        return manifest switch
        {
            HelloV1 => new AgentHello(node, ReadDocument(reader), reader.ReadString(), system.Provider.ResolveActorRef(reader.ReadString())),
            HeartbeatV1 => new AgentHeartbeat(node, reader.ReadString()),
            HelloWantedV1 => new HelloWanted(node),
            AssignedV1 => new AssignedPods(node, ReadAll(reader, ReadDocument)),
            AssignedV2 => new AssignedPods(node, ReadAll(reader, ReadDocument), reader.ReadString(), reader.ReadBoolean()),
            ChangedV1 => new PodsChanged(node, ReadAll(reader, ReadDocument), ReadAll(reader, static r => r.ReadString())),
            StatusesV1 => new PodStatuses(node, ReadAll(reader, ReadReport)),
            StoredV1 => new PodStatusesStored(node, ReadAll(reader, static r => (r.ReadString(), r.ReadInt64()))),
            _ => throw new ArgumentException($"manifest '{manifest}' is not known", nameof(manifest)),
        };
    }

    private static void WriteReport(BinaryWriter writer, PodStatusReport report)
    {
        writer.Write(report.Namespace);
        writer.Write(report.Name);
        writer.Write(report.Uid);
        WriteDocument(writer, report.StatusJson);
        writer.Write(report.Sequence);
        writer.Write(report.Terminated);
    }

    private static PodStatusReport ReadReport(BinaryReader reader) => new(
        reader.ReadString(), reader.ReadString(), reader.ReadString(), ReadDocument(reader), reader.ReadInt64(), reader.ReadBoolean());

    private static void WriteDocument(BinaryWriter writer, byte[] document)
    {
        writer.Write(document.Length);
        writer.Write(document);
    }

    private static byte[] ReadDocument(BinaryReader reader) => reader.ReadBytes(reader.ReadInt32());

    private static void WriteAll<T>(BinaryWriter writer, IReadOnlyList<T> items, Action<BinaryWriter, T> write)
    {
        writer.Write(items.Count);
        foreach (var item in items) write(writer, item);
    }

    private static T[] ReadAll<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var items = new T[reader.ReadInt32()];
        for (var i = 0; i < items.Length; i++) items[i] = read(reader);
        return items;
    }
}
