using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Runtimes.Docker;
using ActorOrch.Contracts.Streams;

namespace ActorOrch.Agent.Tests.Runtimes.Docker;

/// <summary>An engine that does not answer, or comes and goes.</summary>
public sealed class HungEngineTests : IAsyncLifetime
{
    private static readonly PodNetworkSpec Network = new("fake", "10.98.0.0/24", null);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);
    private static readonly ContainerState Running = new(
        "id", "name", ContainerPhase.Running, "i", "i", new Dictionary<string, string>(), default, null, null, 0, OomKilled: false, null, Pid: 1);

    /// <summary>Each call of the interface, and whether the engine is asked for it; a new one has to be put here.</summary>
    private static readonly Dictionary<string, Func<IContainerRuntime, Task>> Calls = new()
    {
        [nameof(IContainerRuntime.PingAsync)] = r => r.PingAsync(default),
        [nameof(IContainerRuntime.InfoAsync)] = r => r.InfoAsync(default),
        [nameof(IContainerRuntime.WrittenBytesAsync)] = r => r.WrittenBytesAsync("id", default),
        [nameof(IContainerRuntime.FindImageAsync)] = r => r.FindImageAsync("i", default),
        [nameof(IContainerRuntime.PrepareAsync)] = r => r.PrepareAsync(Network, default),
        [nameof(IContainerRuntime.CreateAsync)] = r => r.CreateAsync(new() { Name = "n", Image = "i", Network = new NetworkMode.Host() }, default),
        [nameof(IContainerRuntime.StartAsync)] = r => r.StartAsync("id", default),
        [nameof(IContainerRuntime.StopAsync)] = r => r.StopAsync("id", TimeSpan.Zero, default),
        [nameof(IContainerRuntime.RemoveAsync)] = r => r.RemoveAsync("id", default),
        [nameof(IContainerRuntime.InspectAsync)] = r => r.InspectAsync("id", default),
        [nameof(IContainerRuntime.ListAsync)] = r => r.ListAsync(default),
        [nameof(IContainerRuntime.AddressesOfOthersAsync)] = r => r.AddressesOfOthersAsync(default),
        [nameof(IContainerRuntime.ListPodAsync)] = r => r.ListPodAsync("uid", default),
        [nameof(IContainerRuntime.AttachAsync)] = r => r.AttachAsync("id", new(null, Stream.Null, Stream.Null, Tty: false, null), default),
        [nameof(IContainerRuntime.ForwardAsync)] = r => r.ForwardAsync(Running, 80, Stream.Null, Stream.Null, default),
        [nameof(IContainerRuntime.CopyLogsAsync)] = r => r.CopyLogsAsync("id", new(Follow: true, Timestamps: false, null, null, null), Stream.Null, default),
    };

    private FakeEngine _engine = null!;
    private AgentBench _bench = null!;

    public async Task InitializeAsync()
    {
        _engine = await FakeEngine.StartAsync(Network);
        _bench = new("fake", Runtime(), Network, set: options => options with { EngineCheckInterval = Soon });
    }

    public async Task DisposeAsync()
    {
        _engine.Answer();
        await _bench.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Fact]
    public void Every_call_of_the_runtime_is_tried()
    {
        string[] apart = [nameof(IContainerRuntime.ExecAsync), nameof(IContainerRuntime.PullImageAsync), nameof(IContainerRuntime.EventsAsync), nameof(IAsyncDisposable.DisposeAsync)];
        Assert.Equal(typeof(IContainerRuntime).GetMethods().Select(m => m.Name).Distinct().Except(apart).Order(), Calls.Keys.Order());
    }

    [Fact]
    public async Task A_call_that_is_not_answered_ends()
    {
        await using var runtime = Runtime();
        _engine.Hang();
        await Task.WhenAll(Calls.Select(async call =>
        {
            var failure = await Assert.ThrowsAsync<RuntimeUnavailableException>(() => call.Value(runtime).WaitAsync(TimeSpan.FromSeconds(30)));
            Assert.True(failure.Message.EndsWith("has not answered within 0.3 s.", StringComparison.Ordinal), $"{call.Key}: {failure.Message}");
        }));
        await Assert.ThrowsAsync<RuntimeUnavailableException>(() => runtime.ExecAsync("id", ["a"], new CommandStreams(null, Stream.Null, Stream.Null, Tty: false, null), default));
        await Assert.ThrowsAsync<RuntimeUnavailableException>(() => runtime.ExecAsync("id", ["a"], TimeSpan.FromMinutes(1), default));
        await Assert.ThrowsAsync<TimeoutException>(() => runtime.ExecAsync("id", ["a"], TimeSpan.FromMilliseconds(50), default));
        Assert.Contains("has said nothing", (await Assert.ThrowsAsync<ImagePullException>(() => runtime.PullImageAsync("i", default))).Message, StringComparison.Ordinal);
        await _bench.WhenAsync(() => Task.FromResult(string.Join(", ", _engine.Open)), "");
    }

    [Fact]
    public async Task A_hung_engine_makes_the_node_not_ready_until_it_answers_again()
    {
        _bench.Start();
        await _bench.WhenAsync(() => Ready("True", "kubelet is posting ready status"));
        _engine.Hang();
        await _bench.WhenAsync(() => Ready("False", "container runtime is down"));
        _engine.Answer();
        await _bench.WhenAsync(() => Ready("True", "kubelet is posting ready status"));
    }

    [Fact]
    public async Task A_pod_that_comes_while_the_engine_hangs_is_tried_little_and_starts_when_it_answers()
    {
        _bench.Start();
        await _bench.Hello;
        _engine.Hang();
        var pod = TestPods.Sleeping("patient");
        _bench.Assign(pod);
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses[0].State.Waiting?.Message?.Contains("has not answered", StringComparison.Ordinal) == true);
        Assert.True(_engine.Open.Count <= 3, string.Join(", ", _engine.Open));

        _engine.Answer();
        await _bench.WhenAsync(pod.Metadata.Uid, s => s.ContainerStatuses[0].State.Running is not null);
        Assert.Single(_engine.Created);
    }

    [Fact]
    public async Task An_engine_that_comes_and_goes_has_one_listener_and_is_tried_less_and_less_often()
    {
        _bench.Start();
        await _bench.Hello;
        for (var i = 1; i <= 4; i++)
        {
            var before = i;
            await _bench.WhenAsync(() => Task.FromResult($"{_engine.Listened >= before} {_engine.Listeners}"), "True 1");
            _engine.LoseListeners();
        }
        await _bench.WhenAsync(() => Task.FromResult($"{_engine.Listened} {_engine.Listeners}"), "5 1");
        await _bench.WhenAsync(() => Ready("True", "kubelet is posting ready status"));
    }

    private bool Ready(string status, string message) => _bench.Node?.Status.Conditions.Any(c => c.Type == "Ready" && c.Status == status && c.Message == message) == true;

    private DockerRuntime Runtime() => new(new()
    {
        NodeName = "fake",
        Endpoint = new($"unix://{_engine.Socket}"),
        RequestTimeout = Soon,
        PingTimeout = Soon,
        PullSilence = Soon,
    });
}
