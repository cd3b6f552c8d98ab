using System.Net.WebSockets;

namespace ActorOrch.Gateway.Streaming;

/// <summary>The forms in which a connection's end shows to whoever reads or writes it. This is how most clients leave.</summary>
internal static class Disconnection
{
    public static bool Is(Exception failure) => failure is IOException or WebSocketException or OperationCanceledException or ObjectDisposedException;

    /// <summary>As a writer is told of it.</summary>
    public static IOException Of(Exception failure) => new("the client no longer listens", failure);
}
