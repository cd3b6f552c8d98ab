namespace ActorOrch.Gateway.Streaming.Spdy;

/// <summary>Why a stream (RST_STREAM, SPDY/3.1 §2.6.3) or a connection (GOAWAY, §2.6.6) ends.</summary>
internal enum SpdyStatus
{
    ProtocolError = 1,
    InvalidStream = 2,
    RefusedStream = 3,
    Cancel = 5,
    FlowControlError = 7,
    StreamAlreadyClosed = 9,
    FrameTooLarge = 11,
}

/// <summary>The peer broke the protocol: the connection cannot go on.</summary>
internal sealed class SpdyException(string message) : IOException(message);
