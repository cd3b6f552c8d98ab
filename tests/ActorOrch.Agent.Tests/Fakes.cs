using System.Collections.Concurrent;
using ActorOrch.Contracts.Nodes;
using k8s.Models;

namespace ActorOrch.Agent.Tests;

/// <summary>Keeps the events for the test to look at.</summary>
internal sealed class RecordedEvents : IPodEvents
{
    public ConcurrentQueue<(string Pod, string? Container, string Type, string Reason, string Message)> All { get; } = new();

    public Action Changed { get; set; } = () => { };

    public void Record(V1Pod pod, string? container, string type, string reason, string message)
    {
        All.Enqueue((pod.Metadata.Name, container, type, reason, message));
        Changed();
    }

    public void RecordNode(string nodeName, string type, string reason, string message)
    {
        All.Enqueue((nodeName, null, type, reason, message));
        Changed();
    }
}

/// <summary>No service sends anyone anything.</summary>
internal sealed class NoDrain : IEndpointDrain
{
    public Task WhenUnreachableAsync(IReadOnlyList<string> podAddresses, TimeSpan atMost, CancellationToken cancel) => Task.CompletedTask;
}
