using System.Collections.Frozen;
using System.Text;
using ActorOrch.Registry.Clustering.Pki;
using Akka.Actor;
using Akka.Configuration;

namespace ActorOrch.Registry.Clustering.Transports.Doors;

/// <summary>
/// Who may send what, by the role of the sender's certificate. Nobody may end an actor here, create one, or pretend to be its child. The
/// control plane may send whatever Akka's cluster and ActorOrch have a serializer of their own for, and nothing that is read by reflection.
/// A worker may send what an <see cref="IWorkerRule"/> allows it, in its own name.
/// </summary>
internal sealed class DoorRules
{
    private const int Selections = 6, Miscellaneous = 16, SystemMessages = 22;

    /// <summary>Akka's own: cluster, distributed data, sharding, singletons, watches and questions, plain values.</summary>
    private static readonly FrozenSet<int> OfAkka = new[] { 5, 11, 12, 13, 14, Miscellaneous, 17, SystemMessages }.ToFrozenSet();

    /// <summary>Of <c>MiscMessageSerializer</c>: identify and its answer, references, outcomes, heartbeats of watches. Not PoisonPill, not Kill, no routers.</summary>
    private static readonly FrozenSet<string> HarmlessOfMiscellaneous = new[] { "ID", "AID", "AR", "STF", "STS", "RWHB", "RWHR" }.ToFrozenSet();

    private readonly Lazy<FrozenSet<int>> _ours;
    private readonly Lazy<FrozenDictionary<int, IWorkerRule>> _workers;

    private DoorRules(Lazy<FrozenSet<int>> ours, Lazy<FrozenDictionary<int, IWorkerRule>> workers)
    {
        _ours = ours;
        _workers = workers;
    }

    /// <summary>With the serializers whose names begin with <c>actororch-</c>, and the rules of the configuration.</summary>
    public static DoorRules From(ActorSystem system) => new(
        new(() => system.Settings.Config.GetConfig("akka.actor.serializers").AsEnumerable()
            .Where(s => s.Key.StartsWith("actororch-", StringComparison.Ordinal))
            .Select(s => Make<Akka.Serialization.Serializer>(s.Value.GetString(), system).Identifier).ToFrozenSet()),
        new(() => system.Settings.Config.GetConfig("actororch.cluster.tls.worker-rules").AsEnumerable()
            .Select(r => Make<IWorkerRule>(r.Value.GetString(), system)).ToFrozenDictionary(r => r.SerializerId)));

    /// <summary>Null where it may enter.</summary>
    public string? WhyNot(NodeIdentity peer, Address origin, in Envelope envelope)
    {
        var message = envelope.Message;
        var recipient = LocalPath(envelope.Recipient);
        if (recipient.Contains("/..", StringComparison.Ordinal)) return $"a path that steps up: {recipient}";
        if (message.SerializerId == Selections)
        {
            if (recipient != "/") return $"a selection below {recipient}";
            (recipient, message) = ReadSelection(message.Body);
            if (message.SerializerId == Selections) return "a selection in a selection";
        }
        var manifest = message.Manifest;
        if (message.SerializerId == Miscellaneous && !HarmlessOfMiscellaneous.Contains(manifest)) return $"{manifest} for {recipient}";
        if (message.SerializerId == SystemMessages && !SystemMessageRule.IsOfWatches(manifest)) return $"{manifest} for {recipient}";
        if (peer.Role == NodeRole.ControlPlane)
            return OfAkka.Contains(message.SerializerId) || _ours.Value.Contains(message.SerializerId) ? null : $"a message of serializer {message.SerializerId} for {recipient}";

        var sent = new WorkerMessage(peer, origin, recipient, manifest, message.Body);
        if (envelope.Sender is { } sender && !sent.IsOwn(sender)) return $"a message in the name of {sender}";
        return _workers.Value.TryGetValue(message.SerializerId, out var rule) && rule.Allows(sent) ? null : $"a worker may not send {manifest} to {recipient}";
    }

    /// <summary>Without address and uid.</summary>
    private static string LocalPath(string path)
    {
        var address = path.IndexOf("://", StringComparison.Ordinal);
        var start = address < 0 ? 0 : path.IndexOf('/', address + 3);
        if (start < 0) return "/";
        var uid = path.IndexOf('#', start);
        return uid < 0 ? path[start..] : path[start..uid];
    }

    /// <summary>Akka.Remote's <c>SelectionEnvelope</c>. Only full paths: a pattern, or a step up, says nothing of where it leads.</summary>
    private static (string Path, WireMessage Message) ReadSelection(ReadOnlyMemory<byte> selection)
    {
        const ulong childName = 2;
        var reader = new ProtoReader(selection);
        var path = "";
        WireMessage? message = null;
        while (reader.Next())
        {
            switch (reader.Number)
            {
                case 1:
                    message = WireMessage.Read(reader.OnceBytes());
                    break;
                case 2:
                    var element = new ProtoReader(reader.IsBytes());
                    var (type, name) = (0UL, "");
                    while (element.Next())
                    {
                        if (element.Number == 1) type = element.OnceValue();
                        else if (element.Number == 2) name = Encoding.UTF8.GetString(element.OnceBytes().Span);
                    }
                    // A selection of the root begins with an empty name.
                    if (type != childName || name.Contains('/') || name == "..") throw new InvalidDataException("a selection that is no full path");
                    if (name.Length > 0) path += "/" + name;
                    break;
            }
        }
        return (path.Length == 0 ? "/" : path, message ?? throw new InvalidDataException("a selection without a message"));
    }

    private static T Make<T>(string typeName, ActorSystem system)
    {
        var type = Type.GetType(typeName, throwOnError: false) ?? throw new ConfigurationException($"{typeName} is not a type");
        return (T)(type.GetConstructor(Type.EmptyTypes) is null ? Activator.CreateInstance(type, system) : Activator.CreateInstance(type))!;
    }
}
