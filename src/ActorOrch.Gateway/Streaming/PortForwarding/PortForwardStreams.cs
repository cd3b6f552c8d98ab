using System.Globalization;
using ActorOrch.Gateway.Streaming.Spdy;

namespace ActorOrch.Gateway.Streaming.PortForwarding;

/// <summary>The two streams of one forwarded connection: its data, and a failure's text.</summary>
internal sealed record PortForwardStreams(int Port, Stream FromClient, Stream ToClient, Stream Error);

/// <summary>What a client says of a stream that it opens: of which kind, to which port, of which connection.</summary>
internal readonly record struct PortForwardHeaders(bool IsError, int Port, string RequestId)
{
    /// <summary>Null where upstream would refuse the stream too.</summary>
    public static PortForwardHeaders? Read(int streamId, IReadOnlyDictionary<string, string> headers)
    {
        if (!ushort.TryParse(headers.First("port"), CultureInfo.InvariantCulture, out var port) || port == 0) return null;
        var error = headers.First("streamType") == "error";
        if (!error && headers.First("streamType") != "data") return null;
        var id = headers.First("requestID");
        // The first clients named none: they open a connection's data stream right after its error stream.
        if (id.Length == 0) id = (error ? streamId : streamId - 2).ToString(CultureInfo.InvariantCulture);
        return new(error, port, id);
    }
}
