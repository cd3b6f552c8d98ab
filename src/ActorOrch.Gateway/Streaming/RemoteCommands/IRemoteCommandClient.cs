using System.Text.Json.Nodes;
using ActorOrch.Contracts.Streams;

namespace ActorOrch.Gateway.Streaming.RemoteCommands;

/// <summary>The client of an <c>exec</c> or <c>attach</c>, whatever protocol it speaks.</summary>
internal interface IRemoteCommandClient : IAsyncDisposable
{
    CommandStreams Streams { get; }

    /// <summary>Completes when the client has closed the connection.</summary>
    Task Gone { get; }

    /// <summary>Ends the output, tells the outcome and closes; returns when the client has disconnected, too.</summary>
    Task FinishAsync(JsonObject status, CancellationToken cancel);
}
