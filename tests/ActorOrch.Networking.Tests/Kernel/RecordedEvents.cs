using System.Threading.Channels;
using ActorOrch.Networking.Kernel;

namespace ActorOrch.Networking.Tests.Kernel;

/// <summary>What the node is told of its network, for the test to read.</summary>
internal sealed class RecordedEvents : INetworkEvents
{
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();

    /// <summary>Not read yet.</summary>
    public int Count => _events.Reader.Count;

    public void Record(string reason, string message) => _events.Writer.TryWrite($"{reason}: {message}");

    public async Task<string> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        return await _events.Reader.ReadAsync(limit.Token);
    }
}
