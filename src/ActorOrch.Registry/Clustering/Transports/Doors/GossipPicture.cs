using Akka.Cluster;

namespace ActorOrch.Registry.Clustering.Transports.Doors;

/// <summary>A member of the cluster as some process tells of it.</summary>
internal sealed record ToldMember(UniqueAddress Node, MemberStatus Status, IReadOnlySet<string> Roles);

/// <summary>The members in a gossip of Akka.Cluster.</summary>
internal static class GossipPicture
{
    /// <summary>Akka.Cluster's <c>GossipEnvelope</c>.</summary>
    public static IReadOnlyList<ToldMember> ReadEnvelope(ReadOnlyMemory<byte> envelope)
    {
        var reader = new ProtoReader(envelope);
        ReadOnlyMemory<byte>? gossip = null;
        while (reader.Next())
            if (reader.Number == 3) gossip = reader.OnceBytes();
        return Read(gossip ?? throw new InvalidDataException("a gossip without content"));
    }

    public static UniqueAddress ReadUniqueAddress(ReadOnlyMemory<byte> node)
    {
        var reader = new ProtoReader(node);
        Akka.Actor.Address? address = null;
        var uid = 0;
        while (reader.Next())
        {
            if (reader.Number == 1) address = Pdu.ReadAddress(reader.OnceBytes());
            else if (reader.Number == 2) uid = (int)reader.OnceValue();
        }
        return new(address ?? throw new InvalidDataException("a node without an address"), uid);
    }

    private static IReadOnlyList<ToldMember> Read(ReadOnlyMemory<byte> gossip)
    {
        var reader = new ProtoReader(gossip);
        var (nodes, roles, members) = (new List<UniqueAddress>(), new List<string>(), new List<ReadOnlyMemory<byte>>());
        while (reader.Next())
        {
            switch (reader.Number)
            {
                case 1:
                    nodes.Add(ReadUniqueAddress(reader.IsBytes()));
                    break;
                case 2:
                    roles.Add(reader.Text);
                    break;
                case 4:
                    members.Add(reader.IsBytes());
                    break;
            }
        }
        return [.. members.Select(member => ReadMember(member, nodes, roles))];
    }

    private static ToldMember ReadMember(ReadOnlyMemory<byte> member, List<UniqueAddress> nodes, List<string> roles)
    {
        var reader = new ProtoReader(member);
        var (node, status, has) = (0, 0, new List<int>());
        while (reader.Next())
        {
            switch (reader.Number)
            {
                case 1:
                    node = (int)reader.OnceValue();
                    break;
                case 3:
                    status = (int)reader.OnceValue();
                    break;
                case 4:
                    reader.AddValues(has);
                    break;
            }
        }
        return new(At(nodes, node), (MemberStatus)status, has.Select(r => At(roles, r)).ToHashSet());
    }

    private static T At<T>(List<T> all, int index) =>
        index >= 0 && index < all.Count ? all[index] : throw new InvalidDataException("an index beyond what it is of");
}
