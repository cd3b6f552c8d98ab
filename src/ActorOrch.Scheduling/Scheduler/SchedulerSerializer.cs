using System.Text;
using ActorOrch.Resources.Objects;
using Akka.Actor;
using Akka.Serialization;

namespace ActorOrch.Scheduling.Scheduler;

/// <summary>
/// The journal and wire form of <see cref="ISchedulerMessage"/>: fields in the order of the record, little-endian; text as
/// length-prefixed UTF-8; lists by their count; times as UTC ticks. A change of form gets a new manifest, and the old one stays readable.
/// </summary>
public sealed class SchedulerSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string DecidedV1 = "decided.v1";
    private const string MemoryV1 = "memory.v1";
    private const string WhyV1 = "why.v1";
    private const string DecisionV1 = "decision.v1";

    public override int Identifier => 4301;

    public override string Manifest(object o) => o switch
    {
        PlacementsDecided => DecidedV1,
        SchedulerMemory => MemoryV1,
        WhyPending => WhyV1,
        PodDecision => DecisionV1,
        _ => throw new ArgumentException($"{o.GetType()} has no manifest here", nameof(o)),
    };

    public override byte[] ToBinary(object obj)
    {
        using var stream = new MemoryStream(1024);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        switch (obj)
        {
            case PlacementsDecided decided:
                writer.Write(decided.Number);
                writer.Write(decided.At.UtcTicks);
                WriteAll(writer, decided.Placements, Write);
                WriteAll(writer, decided.Refusals, Write);
                break;
            case SchedulerMemory memory:
                writer.Write(memory.Number);
                WriteAll(writer, memory.Open, Write);
                WriteAll(writer, memory.Waiting, static (w, waiting) =>
                {
                    w.Write(waiting.At.UtcTicks);
                    Write(w, waiting.Refusal);
                });
                break;
            case WhyPending why:
                Write(writer, why.Pod);
                break;
            case PodDecision decision:
                Write(writer, decision.Pod);
                writer.Write(decision.At?.UtcTicks ?? -1);
                writer.Write(decision.Node ?? "");
                writer.Write(decision.Message ?? "");
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
        switch (manifest)
        {
            case DecidedV1:
                return new PlacementsDecided(reader.ReadInt64(), ReadTime(reader), ReadAll(reader, ReadPlacement), ReadAll(reader, ReadRefusal));
            case MemoryV1:
                return new SchedulerMemory(reader.ReadInt64(), ReadAll(reader, ReadPlacement), ReadAll(reader, static r => (ReadTime(r), ReadRefusal(r))));
            case WhyV1:
                return new WhyPending(ReadKey(reader));
            case DecisionV1:
                var key = ReadKey(reader);
                var ticks = reader.ReadInt64();
                var (node, message) = (reader.ReadString(), reader.ReadString());
                return new PodDecision(
                    key, ticks < 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero), node.Length > 0 ? node : null, message.Length > 0 ? message : null);
            default:
                throw new ArgumentException($"manifest '{manifest}' is not known", nameof(manifest));
        }
    }

    private static void Write(BinaryWriter writer, ObjectKey key)
    {
        writer.Write(key.Namespace);
        writer.Write(key.Name);
    }

    private static void Write(BinaryWriter writer, Placement placement)
    {
        Write(writer, placement.Pod);
        writer.Write(placement.Uid);
        writer.Write(placement.Node);
    }

    private static void Write(BinaryWriter writer, Refusal refusal)
    {
        writer.Write(refusal.Nodes);
        WriteAll(writer, refusal.Reasons, static (w, r) =>
        {
            w.Write(r.Reason);
            w.Write(r.Nodes);
        });
        writer.Write(refusal.Message);
        WriteAll(writer, refusal.Pods, static (w, p) =>
        {
            Write(w, p.Pod);
            w.Write(p.Uid);
        });
    }

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

    private static ObjectKey ReadKey(BinaryReader reader) => new(reader.ReadString(), reader.ReadString());

    private static DateTimeOffset ReadTime(BinaryReader reader) => new(reader.ReadInt64(), TimeSpan.Zero);

    private static Placement ReadPlacement(BinaryReader reader) => new(ReadKey(reader), reader.ReadString(), reader.ReadString());

    private static Refusal ReadRefusal(BinaryReader reader) => new(
        reader.ReadInt32(), ReadAll(reader, static r => (r.ReadString(), r.ReadInt32())), reader.ReadString(),
        ReadAll(reader, static r => (ReadKey(r), r.ReadString())));
}
