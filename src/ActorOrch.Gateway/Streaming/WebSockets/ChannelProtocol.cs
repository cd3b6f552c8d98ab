using System.Collections.Frozen;

namespace ActorOrch.Gateway.Streaming.WebSockets;

/// <summary>
/// How several channels share one WebSocket: each message begins with its channel, a byte, or in the base64 form a digit before text.
/// </summary>
/// <param name="Base64">Messages are text.</param>
/// <param name="StructuredStatus">The outcome is a <c>Status</c>; before version 4 it was a failure's text, or nothing.</param>
/// <param name="HalfCloses">The client can end a channel: a message of <see cref="CloseChannel"/> and its number.</param>
internal sealed record ChannelProtocol(string Name, bool Base64, bool StructuredStatus, bool HalfCloses)
{
    public const byte CloseChannel = 255;

    /// <summary>What <c>exec</c> and <c>attach</c> speak.</summary>
    public static readonly FrozenDictionary<string, ChannelProtocol> OfCommands = Named(
        new("", false, false, false),
        new("channel.k8s.io", false, false, false),
        new("base64.channel.k8s.io", true, false, false),
        new("v4.channel.k8s.io", false, true, false),
        new("v4.base64.channel.k8s.io", true, true, false),
        new("v5.channel.k8s.io", false, true, true));

    /// <summary>What <c>portforward</c> speaks, besides its tunnel.</summary>
    public static readonly FrozenDictionary<string, ChannelProtocol> OfPorts = Named(
        new("", false, false, false),
        new("v4.channel.k8s.io", false, false, false),
        new("v4.base64.channel.k8s.io", true, false, false));

    private static FrozenDictionary<string, ChannelProtocol> Named(params ChannelProtocol[] protocols) => protocols.ToFrozenDictionary(p => p.Name);
}
