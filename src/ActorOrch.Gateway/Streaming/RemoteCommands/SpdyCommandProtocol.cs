namespace ActorOrch.Gateway.Streaming.RemoteCommands;

/// <summary>The versions of <c>exec</c> and <c>attach</c> over SPDY, best first.</summary>
/// <param name="StructuredStatus">The outcome is a <c>Status</c>; before version 4 it was a failure's text, or nothing.</param>
/// <param name="Resizes">A terminal has a stream of its sizes.</param>
internal sealed record SpdyCommandProtocol(string Name, bool StructuredStatus, bool Resizes)
{
    private static readonly SpdyCommandProtocol[] All =
    [
        new("v4.channel.k8s.io", true, true),
        new("v3.channel.k8s.io", false, true),
        new("v2.channel.k8s.io", false, false),
        new("channel.k8s.io", false, false),
    ];

    public static readonly IReadOnlyCollection<string> Names = [.. All.Select(p => p.Name)];

    public static SpdyCommandProtocol Of(string name) => All.Single(p => p.Name == name);
}
