using System.Text;
using Akka.Actor;

namespace ActorOrch.Registry.Clustering.Transports.Doors;

/// <summary>A serialized message, as far as a door has to look into it.</summary>
internal readonly record struct WireMessage(int SerializerId, ReadOnlyMemory<byte> ManifestBytes, ReadOnlyMemory<byte> Body)
{
    public string Manifest => Encoding.UTF8.GetString(ManifestBytes.Span);

    /// <summary>Akka.Remote's <c>Payload</c>.</summary>
    public static WireMessage Read(ReadOnlyMemory<byte> payload)
    {
        var reader = new ProtoReader(payload);
        var (id, manifest, body) = (0, ReadOnlyMemory<byte>.Empty, ReadOnlyMemory<byte>.Empty);
        while (reader.Next())
        {
            switch (reader.Number)
            {
                case 1:
                    body = reader.OnceBytes();
                    break;
                case 2:
                    id = (int)reader.OnceValue();
                    break;
                case 3:
                    manifest = reader.OnceBytes();
                    break;
            }
        }
        return new(id, manifest, body);
    }
}

/// <summary>Akka.Remote's <c>RemoteEnvelope</c>: a message with its recipient and sender, both full paths.</summary>
internal readonly record struct Envelope(string Recipient, string? Sender, WireMessage Message)
{
    public static Envelope Read(ReadOnlyMemory<byte> envelope)
    {
        var reader = new ProtoReader(envelope);
        var (recipient, message) = ("", default(WireMessage?));
        string? sender = null;
        while (reader.Next())
        {
            switch (reader.Number)
            {
                case 1:
                    recipient = PathOf(reader.OnceBytes());
                    break;
                case 2:
                    message = WireMessage.Read(reader.OnceBytes());
                    break;
                case 4:
                    sender = PathOf(reader.OnceBytes());
                    break;
                case 5:
                    reader.OnceValue();
                    break;
            }
        }
        return new(recipient, sender, message ?? throw new InvalidDataException("an envelope without a message"));
    }

    /// <summary>Akka.Remote's <c>ActorRefData</c>.</summary>
    public static string PathOf(ReadOnlyMemory<byte> actor)
    {
        var reader = new ProtoReader(actor);
        var path = "";
        while (reader.Next())
            if (reader.Number == 1) path = Encoding.UTF8.GetString(reader.OnceBytes().Span);
        return path;
    }
}

/// <summary>What one frame of Akka.Remote is: <c>AkkaProtocolMessage</c>, down to the envelope.</summary>
/// <param name="Origin">Of an ASSOCIATE: the address that the other end gives as its own.</param>
/// <param name="Envelope">Null for a control message, and for an acknowledgement alone.</param>
internal readonly record struct Pdu(bool IsControl, Address? Origin, ReadOnlyMemory<byte>? Envelope)
{
    private const int AssociateCommand = 1;

    public static Pdu Read(ReadOnlyMemory<byte> frame)
    {
        var reader = new ProtoReader(frame);
        ReadOnlyMemory<byte>? payload = null, instruction = null;
        while (reader.Next())
        {
            switch (reader.Number)
            {
                case 1:
                    payload = reader.OnceBytes();
                    break;
                case 2:
                    instruction = reader.OnceBytes();
                    break;
            }
        }
        if (payload is null == instruction is null) throw new InvalidDataException("a frame that is not one of message and control message");
        return instruction is { } control ? ReadControl(control) : new(false, null, ReadContainer(payload!.Value));
    }

    /// <summary>Akka.Remote's <c>AddressData</c>.</summary>
    public static Address ReadAddress(ReadOnlyMemory<byte> address)
    {
        var reader = new ProtoReader(address);
        var (system, host, port, protocol) = ("", "", 0, "");
        while (reader.Next())
        {
            switch (reader.Number)
            {
                case 1:
                    system = Encoding.UTF8.GetString(reader.OnceBytes().Span);
                    break;
                case 2:
                    host = Encoding.UTF8.GetString(reader.OnceBytes().Span);
                    break;
                case 3:
                    port = (int)reader.OnceValue();
                    break;
                case 4:
                    protocol = Encoding.UTF8.GetString(reader.OnceBytes().Span);
                    break;
            }
        }
        return new(protocol, system, host, port);
    }

    private static Pdu ReadControl(ReadOnlyMemory<byte> control)
    {
        var reader = new ProtoReader(control);
        var command = 0UL;
        ReadOnlyMemory<byte>? handshake = null;
        while (reader.Next())
        {
            switch (reader.Number)
            {
                case 1:
                    command = reader.OnceValue();
                    break;
                case 2:
                    handshake = reader.OnceBytes();
                    break;
            }
        }
        if (command != AssociateCommand) return new(true, null, null);
        var info = new ProtoReader(handshake ?? throw new InvalidDataException("an ASSOCIATE without its origin"));
        Address? origin = null;
        while (info.Next())
            if (info.Number == 1) origin = ReadAddress(info.OnceBytes());
        return new(true, origin ?? throw new InvalidDataException("an ASSOCIATE without its origin"), null);
    }

    private static ReadOnlyMemory<byte>? ReadContainer(ReadOnlyMemory<byte> container)
    {
        var reader = new ProtoReader(container);
        ReadOnlyMemory<byte>? envelope = null;
        while (reader.Next())
        {
            switch (reader.Number)
            {
                case 1:
                    reader.OnceBytes();
                    break;
                case 2:
                    envelope = reader.OnceBytes();
                    break;
            }
        }
        return envelope;
    }
}
