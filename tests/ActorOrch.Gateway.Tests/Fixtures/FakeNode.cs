using ActorOrch.Contracts.Streams;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Tests.Fixtures;

/// <summary>Runs a command: what it is asked for, the client's streams, and its end.</summary>
internal delegate Task<int> FakeProcess(PodCommandRequest request, CommandStreams streams, CancellationToken cancel);

/// <summary>Carries a connection to a port.</summary>
internal delegate Task FakeServer(int port, Stream fromClient, Stream toClient, CancellationToken cancel);

/// <summary>The node <c>n1</c>, with the commands and servers of a test.</summary>
internal sealed class FakeNode : INodeStreamsLocator, INodeStreams
{
    public FakeProcess Process { get; set; } = Commands.RunAsync;

    public FakeServer Server { get; set; } = (port, _, _, _) => Task.FromException(new PodStreamException($"nothing listens on {port}"));

    /// <summary>Of whatever is looked for.</summary>
    public ApiException? Refusal { get; set; }

    public INodeStreams? Find(string nodeName) => nodeName == "n1" ? this : null;

    public Task CopyLogsAsync(PodLogRequest request, Stream destination, CancellationToken cancel) => throw new NotSupportedException();

    public Task<IPodCommand> FindCommandAsync(PodCommandRequest request, CancellationToken cancel) =>
        Refusal is null ? Task.FromResult<IPodCommand>(new Found(this, request)) : Task.FromException<IPodCommand>(Refusal);

    public Task<IPodPorts> FindPortsAsync(ObjectKey pod, string podUid, CancellationToken cancel) =>
        Refusal is null ? Task.FromResult<IPodPorts>(new Found(this, null)) : Task.FromException<IPodPorts>(Refusal);

    private sealed class Found(FakeNode node, PodCommandRequest? request) : IPodCommand, IPodPorts
    {
        public Task<int> RunAsync(CommandStreams streams, CancellationToken cancel) => node.Process(request!, streams, cancel);

        public Task ForwardAsync(int port, Stream fromClient, Stream toClient, CancellationToken cancel) => node.Server(port, fromClient, toClient, cancel);
    }
}
