using System.Text;
using ActorOrch.Resources.Objects;
using Akka.Actor;
using Akka.Serialization;

namespace ActorOrch.Reconciling;

/// <summary>
/// The wire form of <see cref="Wake"/>: manifest <c>wake.v1</c>; namespace, name and collection as length-prefixed UTF-8
/// (an empty collection is none), then the revision as eight bytes, little-endian.
/// </summary>
public sealed class WakeSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string WakeV1 = "wake.v1";

    public override int Identifier => 4201;

    public override string Manifest(object o) => o is Wake ? WakeV1 : throw new ArgumentException($"{o.GetType()} has no manifest here", nameof(o));

    public override byte[] ToBinary(object obj)
    {
        if (obj is not Wake wake) throw new ArgumentException($"{obj.GetType()} cannot be written here", nameof(obj));
        using var stream = new MemoryStream(64);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(wake.Key.Namespace);
        writer.Write(wake.Key.Name);
        writer.Write(wake.Collection ?? "");
        writer.Write(wake.Revision);
        writer.Flush();
        return stream.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (manifest != WakeV1) throw new ArgumentException($"manifest '{manifest}' is not known", nameof(manifest));
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        var key = new ObjectKey(reader.ReadString(), reader.ReadString());
        var collection = reader.ReadString();
        return new Wake(key, collection.Length == 0 ? null : collection, reader.ReadInt64());
    }
}
