using System.IO.Pipelines;
using System.Text;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Runtimes.Docker;
using ActorOrch.Agent.Runtimes.Simulated;
using ActorOrch.Contracts.Streams;

namespace ActorOrch.Agent.Tests.Runtimes;

/// <summary>What every runtime must do with a caller's streams.</summary>
public abstract class RuntimeStreamsKit(string nodeName) : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private const int EchoPort = 8080;

    protected abstract IContainerRuntime Runtime { get; }

    public virtual async Task InitializeAsync() => await TestImage.EnsureAsync();

    public async Task DisposeAsync()
    {
        foreach (var container in await Runtime.ListAsync(default)) await Runtime.RemoveAsync(container.Id, default);
        await Runtime.DisposeAsync();
    }

    [Theory]
    [InlineData("echo hello there", "hello there\n", 0)]
    [InlineData("exit 42", "", 42)]
    public async Task A_command_has_its_output_and_its_exit_code(string command, string output, int exitCode)
    {
        var id = await RunningAsync(Spec("exec"));
        var stdout = new MemoryStream();

        var code = await Runtime.ExecAsync(id, ["sh", "-c", command], new CommandStreams(null, stdout, Stream.Null, false, null), default).WaitAsync(Patience);

        Assert.Equal((output, exitCode), (Encoding.UTF8.GetString(stdout.ToArray()), code));
    }

    [Fact]
    public async Task Input_reaches_the_command_whole_and_ends()
    {
        var id = await RunningAsync(Spec("input"));
        var sent = new byte[1_000_000];
        new Random(1).NextBytes(sent);
        var stdout = new MemoryStream();

        var code = await Runtime.ExecAsync(id, ["cat"], new CommandStreams(new MemoryStream(sent), stdout, null, false, null), default).WaitAsync(Patience);

        Assert.Equal(0, code);
        Assert.True(sent.AsSpan().SequenceEqual(stdout.ToArray()), $"{stdout.Length} bytes came back, not the {sent.Length} that were sent");
    }

    [Fact]
    public async Task A_cancelled_command_is_given_up()
    {
        var id = await RunningAsync(Spec("cancelled"));
        using var cancel = new CancellationTokenSource();
        var never = new Pipe();
        var running = Runtime.ExecAsync(id, ["cat"], new CommandStreams(never.Reader.AsStream(), Stream.Null, null, false, null), cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_container_that_does_not_run_takes_no_commands()
    {
        var id = await Runtime.CreateAsync(Spec("created"), default);

        await Assert.ThrowsAsync<ContainerStartException>(
            () => Runtime.ExecAsync(id, ["echo"], new CommandStreams(null, Stream.Null, null, false, null), default));
    }

    [Fact]
    public async Task An_attachment_ends_with_the_container()
    {
        var id = await RunningAsync(Spec("attached"));
        var attached = Runtime.AttachAsync(id, new(null, Stream.Null, Stream.Null, false, null), default);

        await Runtime.StopAsync(id, TimeSpan.Zero, default);

        await attached.WaitAsync(Patience);
    }

    [Fact]
    public async Task An_attachment_that_is_cancelled_leaves_the_container_alone()
    {
        var id = await RunningAsync(Spec("left"));
        using var cancel = new CancellationTokenSource();
        var attached = Runtime.AttachAsync(id, new(null, Stream.Null, Stream.Null, false, null), cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => attached.WaitAsync(Patience));
        Assert.Equal(ContainerPhase.Running, (await Runtime.InspectAsync(id, default))!.Phase);
    }

    [Fact]
    public async Task A_server_inside_is_reached_and_half_closes_pass()
    {
        var id = await RunningAsync(Spec("served") with
        {
            Command = ["nc"],
            Args = ["-ll", "-p", $"{EchoPort}", "-e", "cat"],
            Labels = new Dictionary<string, string> { [SimulatedBehaviour.Prefix + "echo-port"] = $"{EchoPort}" },
        });
        await EventuallyAsync(async () => await ForwardAsync(id, EchoPort, "hello") == "hello", "the server answers with what it got");
    }

    [Fact]
    public async Task A_port_on_which_nothing_listens_is_refused()
    {
        var id = await RunningAsync(Spec("silent"));

        var refused = await Assert.ThrowsAsync<ContainerStartException>(() => ForwardAsync(id, 9, "hello"));

        Assert.StartsWith("failed to connect to localhost:9 inside the pod's network: dial tcp 127.0.0.1:9: connect: connection refused", refused.Message, StringComparison.Ordinal);
    }

    protected async Task<string> RunningAsync(ContainerSpec spec)
    {
        var id = await Runtime.CreateAsync(spec, default);
        await Runtime.StartAsync(id, default);
        return id;
    }

    protected ContainerSpec Spec(string name) => new()
    {
        Name = $"{nodeName}-{name}-{Guid.NewGuid():N}",
        Image = TestImage.Reference,
        Command = ["sleep"],
        Args = ["3600"],
        Network = new NetworkMode.Own("bridge", null, null),
    };

    /// <summary>Until the condition holds; a server needs a moment to listen, and nothing tells when.</summary>
    protected static async Task EventuallyAsync(Func<Task<bool>> condition, string expected)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var patience = new CancellationTokenSource(Patience);
        Exception? last = null;
        while (!patience.IsCancellationRequested)
        {
            try
            {
                if (await condition()) return;
            }
            catch (ContainerStartException notYet)
            {
                last = notYet;
            }
            await pause.WaitForNextTickAsync();
        }
        Assert.Fail($"expected within {Patience.TotalSeconds} s: {expected}; last seen: {last?.Message ?? "something else"}");
    }

    private async Task<string> ForwardAsync(string id, int port, string text)
    {
        var answer = new MemoryStream();
        var container = (await Runtime.InspectAsync(id, default))!;
        await Runtime.ForwardAsync(container, port, new MemoryStream(Encoding.UTF8.GetBytes(text)), answer, default).WaitAsync(Patience);
        return Encoding.UTF8.GetString(answer.ToArray());
    }
}

public sealed class DockerStreamsTests() : RuntimeStreamsKit("agent-streams")
{
    protected override IContainerRuntime Runtime { get; } = new DockerRuntime(new() { NodeName = "agent-streams" });

    [Fact]
    public async Task Both_outputs_are_told_apart()
    {
        var id = await RunningAsync(Spec("outputs"));
        var (stdout, stderr) = (new MemoryStream(), new MemoryStream());

        await Runtime.ExecAsync(id, ["sh", "-c", "echo out; echo err >&2"], new CommandStreams(null, stdout, stderr, false, null), default).WaitAsync(Patience);

        Assert.Equal(("out\n", "err\n"), (Encoding.UTF8.GetString(stdout.ToArray()), Encoding.UTF8.GetString(stderr.ToArray())));
    }

    [Fact]
    public async Task A_terminal_has_the_callers_size()
    {
        var id = await RunningAsync(Spec("terminal"));
        var stdout = new MemoryStream();

        var code = await Runtime.ExecAsync(
            id, ["sh", "-c", "until [ \"$(stty size 2>/dev/null)\" = \"43 132\" ]; do sleep 0.05; done; echo seen"],
            new CommandStreams(null, stdout, null, true, SizesAsync()), default).WaitAsync(Patience);

        Assert.Equal((0, "seen\r\n"), (code, Encoding.UTF8.GetString(stdout.ToArray())));
    }

    [Fact]
    public async Task A_command_that_has_closed_its_output_is_waited_for()
    {
        var id = await RunningAsync(Spec("quiet"));

        var code = await Runtime.ExecAsync(
            id, ["sh", "-c", "exec >&- 2>&-; sleep 1; exit 9"], new CommandStreams(null, Stream.Null, Stream.Null, false, null), default).WaitAsync(Patience);

        Assert.Equal(9, code);
    }

    [Fact]
    public async Task A_cancelled_command_does_not_run_on()
    {
        var id = await RunningAsync(Spec("ended"));
        using var cancel = new CancellationTokenSource();
        var begun = new Pipe();
        var running = Runtime.ExecAsync(
            id, ["sh", "-c", "echo begun; exec sleep 7777"], new CommandStreams(null, begun.Writer.AsStream(), null, false, null), cancel.Token);
        await begun.Reader.ReadAtLeastAsync(5).AsTask().WaitAsync(Patience);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Patience));

        var left = await Runtime.ExecAsync(id, ["ps"], Patience, default);
        Assert.DoesNotContain("sleep 7777", left.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Input_that_ends_once_ends_the_containers()
    {
        var id = await Runtime.CreateAsync(Spec("once") with { Command = ["cat"], Args = [], Stdin = true, StdinOnce = true }, default);
        await Runtime.StartAsync(id, default);
        var stdout = new MemoryStream();

        await Runtime.AttachAsync(id, new(new MemoryStream("hello"u8.ToArray()), stdout, null, false, null), default).WaitAsync(Patience);

        Assert.Equal("hello", Encoding.UTF8.GetString(stdout.ToArray()));
        await EventuallyAsync(async () => (await Runtime.InspectAsync(id, default))!.Phase == ContainerPhase.Exited, "the container has ended");
    }

    [Fact]
    public async Task A_command_that_is_not_there_says_so()
    {
        var id = await RunningAsync(Spec("missing"));
        var stdout = new MemoryStream();

        var code = await Runtime.ExecAsync(id, ["no-such-program"], new CommandStreams(null, stdout, null, false, null), default).WaitAsync(Patience);

        Assert.InRange(code, 126, 127);
        Assert.Contains("no-such-program", Encoding.UTF8.GetString(stdout.ToArray()), StringComparison.Ordinal);
    }

    private static async IAsyncEnumerable<TerminalSize> SizesAsync()
    {
        yield return new(100, 30);
        await Task.Yield();
        yield return new(132, 43);
    }
}

public sealed class SimulatedStreamsTests() : RuntimeStreamsKit("agent-sim-streams")
{
    protected override IContainerRuntime Runtime { get; } = new SimulatedRuntime("agent-sim-streams", TimeProvider.System);

    public override Task InitializeAsync() => Task.CompletedTask;
}
