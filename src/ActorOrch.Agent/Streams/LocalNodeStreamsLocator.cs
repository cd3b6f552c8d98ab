using System.Collections.Concurrent;
using ActorOrch.Contracts.Streams;

namespace ActorOrch.Agent.Streams;

/// <summary>The streams of the nodes whose agents run in this process.</summary>
public sealed class LocalNodeStreamsLocator : INodeStreamsLocator
{
    private readonly ConcurrentDictionary<string, INodeStreams> _streams = new();

    public void Add(string nodeName, INodeStreams streams) => _streams[nodeName] = streams;

    /// <inheritdoc/>
    public INodeStreams? Find(string nodeName) => _streams.GetValueOrDefault(nodeName);
}
