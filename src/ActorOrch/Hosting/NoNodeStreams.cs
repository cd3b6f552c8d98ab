using ActorOrch.Contracts.Streams;

namespace ActorOrch.Hosting;

/// <summary>For a control-plane process without an agent of its own: no node's logs are to be had from here.</summary>
internal sealed class NoNodeStreams : INodeStreamsLocator
{
    public static readonly NoNodeStreams Instance = new();

    public INodeStreams? Find(string nodeName) => null;
}
