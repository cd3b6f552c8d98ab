using ActorOrch.Registry.Clustering.Pki;
using Akka.Actor;

namespace ActorOrch.Registry.Clustering.Transports.Doors;

/// <summary>What becomes of a frame.</summary>
internal enum Verdict
{
    Enter,

    /// <summary>It is dropped, and said so; the connection goes on.</summary>
    Drop,

    /// <summary>Whoever sends such a thing is not Akka.Remote, or not who it says it is.</summary>
    Disconnect,
}

/// <summary>
/// One connection's door: everything that comes in passes it, and it knows whose certificate is at the other end. Who may send what is for
/// <see cref="DoorRules"/> to say. Not thread-safe.
/// </summary>
internal sealed class Door(NodeIdentity peer, DoorRules rules, RefusalLog refusals)
{
    private Address? _origin;

    public Verdict Judge(ReadOnlyMemory<byte> frame)
    {
        try
        {
            var pdu = Pdu.Read(frame);
            if (pdu.IsControl) return pdu.Origin is { } origin ? Introduce(origin) : Verdict.Enter;
            if (_origin is null) return Refuse("a message before its address", Verdict.Disconnect);
            return pdu.Envelope is not { } bytes || rules.WhyNot(peer, _origin, Envelope.Read(bytes)) is not { } why ? Verdict.Enter : Refuse(why, Verdict.Drop);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or OverflowException)
        {
            return Refuse($"a frame that cannot be read: {e.Message}", Verdict.Disconnect);
        }
    }

    private Verdict Introduce(Address origin)
    {
        if (_origin is not null) return Refuse("a second address", Verdict.Disconnect);
        if (origin.Host is not { Length: > 0 } host || !peer.AnswersAs(host.Trim('[', ']')))
            return Refuse($"it calls itself {origin}, and its certificate is not for that host", Verdict.Disconnect);
        // As actors' paths have it; here it comes without Akka's own prefix.
        _origin = origin.WithProtocol($"akka.{TlsTransport.Scheme}");
        return Verdict.Enter;
    }

    private Verdict Refuse(string why, Verdict verdict)
    {
        refusals.Report($"{peer} at {_origin?.ToString() ?? "an address not yet known"}", why);
        return verdict;
    }
}
