using System.Text;
using Akka.Actor;
using Akka.Serialization;

namespace ActorOrch.Controllers.Nodes.Health;

/// <summary>
/// The journal form of <see cref="INodeEvent"/> and <see cref="NodeHealth"/>: the time as UTC ticks, then the fields in the order of the
/// record, little-endian; text as length-prefixed UTF-8. A change of form gets a new manifest, and the old one stays readable.
/// </summary>
public sealed class NodeEventSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string RegisteredV1 = "registered.v1";
    private const string LostV1 = "heartbeat-lost.v1";
    private const string TaintedV1 = "tainted.v1";
    private const string UntaintedV1 = "untainted.v1";
    private const string EvictedV1 = "evicted.v1";
    private const string RecoveredV1 = "recovered.v1";
    private const string RemovedV1 = "removed.v1";
    private const string HealthV1 = "health.v1";

    public override int Identifier => 4203;

    public override string Manifest(object o) => o switch
    {
        NodeRegistered => RegisteredV1,
        HeartbeatLost => LostV1,
        TaintApplied => TaintedV1,
        TaintRemoved => UntaintedV1,
        PodsEvicted => EvictedV1,
        NodeRecovered => RecoveredV1,
        NodeRemoved => RemovedV1,
        NodeHealth => HealthV1,
        _ => throw new ArgumentException($"{o.GetType()} has no manifest here", nameof(o)),
    };

    public override byte[] ToBinary(object obj)
    {
        using var stream = new MemoryStream(64);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        if (obj is INodeEvent happened) writer.Write(happened.At.UtcTicks);
        switch (obj)
        {
            case NodeRegistered registered:
                writer.Write(registered.Incarnation);
                break;
            case TaintApplied taint:
                writer.Write(taint.Key);
                writer.Write(taint.Effect);
                break;
            case TaintRemoved taint:
                writer.Write(taint.Key);
                writer.Write(taint.Effect);
                break;
            case PodsEvicted evicted:
                writer.Write(evicted.Pods.Count);
                foreach (var pod in evicted.Pods) writer.Write(pod);
                break;
            case NodeHealth health:
                writer.Write(health.Incarnation);
                writer.Write(health.Lost);
                writer.Write(health.Removed);
                break;
            case HeartbeatLost or NodeRecovered or NodeRemoved:
                break;
            default:
                throw new ArgumentException($"{obj.GetType()} cannot be written here", nameof(obj));
        }
        writer.Flush();
        return stream.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        if (manifest == HealthV1) return new NodeHealth(reader.ReadString(), reader.ReadBoolean(), reader.ReadBoolean());
        var at = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero);
        return manifest switch
        {
            RegisteredV1 => new NodeRegistered(at, reader.ReadString()),
            LostV1 => new HeartbeatLost(at),
            TaintedV1 => new TaintApplied(at, reader.ReadString(), reader.ReadString()),
            UntaintedV1 => new TaintRemoved(at, reader.ReadString(), reader.ReadString()),
            EvictedV1 => new PodsEvicted(at, ReadPods(reader)),
            RecoveredV1 => new NodeRecovered(at),
            RemovedV1 => new NodeRemoved(at),
            _ => throw new ArgumentException($"manifest '{manifest}' is not known", nameof(manifest)),
        };
    }

    private static string[] ReadPods(BinaryReader reader)
    {
        var pods = new string[reader.ReadInt32()];
        for (var i = 0; i < pods.Length; i++) pods[i] = reader.ReadString();
        return pods;
    }
}
