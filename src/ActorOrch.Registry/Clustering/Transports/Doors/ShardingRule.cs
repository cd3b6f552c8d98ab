using System.Text;

namespace ActorOrch.Registry.Clustering.Transports.Doors;

/// <summary>
/// A worker asks the coordinators of the collections and of the nodes where a shard is, and follows when one moves. It never owns one: it
/// cannot register as a region, and cannot speak for another's.
/// </summary>
public sealed class ShardingRule : IWorkerRule
{
    private const string RegisterProxy = "BB", GetShardHome = "BD", BeginHandOffAck = "BI", GracefulShutdown = "BL", RegionStopped = "BM";

    private static readonly string[] Coordinators = [.. ((string[])["collection", "node"]).Select(type => $"/system/sharding/{type}Coordinator/singleton/coordinator")];

    public int SerializerId => 13;

    public bool Allows(in WorkerMessage message)
    {
        var recipient = message.Recipient;
        return message.Manifest switch
        {
            RegisterProxy or GracefulShutdown or RegionStopped => Coordinators.Contains(recipient) && message.IsOwn(ReferenceIn(message.Body)),
            GetShardHome => Coordinators.Contains(recipient),
            // To the child that moves the shard.
            BeginHandOffAck => Coordinators.Any(c => recipient.StartsWith($"{c}/", StringComparison.Ordinal) && recipient.IndexOf('/', c.Length + 1) < 0),
            _ => false,
        };
    }

    private static string ReferenceIn(ReadOnlyMemory<byte> body)
    {
        var reader = new ProtoReader(body);
        var path = "";
        while (reader.Next())
            if (reader.Number == 1) path = Encoding.UTF8.GetString(reader.OnceBytes().Span);
        return path;
    }
}
