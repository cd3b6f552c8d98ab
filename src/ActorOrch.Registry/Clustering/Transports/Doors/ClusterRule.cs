using ActorOrch.Registry.Clustering.Pki;
using Akka.Actor;

namespace ActorOrch.Registry.Clustering.Transports.Doors;

/// <summary>
/// A worker takes part in the cluster: it joins as a worker, tells what it has heard, and answers heartbeats. It cannot welcome others, nor
/// end another's membership, and what it tells must leave the control plane as it is: see <see cref="GossipJudge"/>.
/// </summary>
public sealed class ClusterRule(ActorSystem system) : IWorkerRule
{
    private const string Actions = "Akka.Cluster.InternalClusterAction+";

    public int SerializerId => 5;

    public bool Allows(in WorkerMessage message)
    {
        if (message.Recipient is not ("/system/cluster/core/daemon" or "/system/cluster/heartbeatReceiver" or "/system/cluster/core/daemon/heartbeatSender"))
            return false;
        switch (message.Manifest)
        {
            case "HB" or "HBR" or $"{Actions}InitJoin, Akka.Cluster" or $"{Actions}ExitingConfirmed, Akka.Cluster" or "Akka.Cluster.GossipStatus, Akka.Cluster":
                return true;
            case $"{Actions}Join, Akka.Cluster":
                var (node, roles) = ReadJoin(message.Body);
                return node.Address.Equals(message.Origin) && NodeRoles.Allows(message.Sender.Role, roles);
            case "Akka.Cluster.GossipEnvelope, Akka.Cluster":
                var cluster = Akka.Cluster.Cluster.Get(system);
                return GossipJudge.Allows(GossipPicture.ReadEnvelope(message.Body), cluster.State);
            default:
                return false;
        }
    }

    private static (Akka.Cluster.UniqueAddress Node, IReadOnlyList<string> Roles) ReadJoin(ReadOnlyMemory<byte> join)
    {
        var reader = new ProtoReader(join);
        Akka.Cluster.UniqueAddress? node = null;
        var roles = new List<string>();
        while (reader.Next())
        {
            if (reader.Number == 1) node = GossipPicture.ReadUniqueAddress(reader.OnceBytes());
            else if (reader.Number == 2) roles.Add(reader.Text);
        }
        return (node ?? throw new InvalidDataException("a join without an address"), roles);
    }
}
