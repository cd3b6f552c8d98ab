using System.Text;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Runtimes.Docker;
using ActorOrch.Agent.Runtimes.Simulated;

namespace ActorOrch.Agent.Tests.Runtimes;

/// <summary>What every runtime must do.</summary>
public abstract class RuntimeKit(string nodeName) : IAsyncLifetime
{
    protected abstract IContainerRuntime Runtime { get; }

    public virtual async Task InitializeAsync() => await TestImage.EnsureAsync();

    public async Task DisposeAsync()
    {
        foreach (var container in await Runtime.ListAsync(default)) await Runtime.RemoveAsync(container.Id, default);
        await Runtime.DisposeAsync();
    }

    [Fact]
    public async Task A_container_lives_from_created_to_running_to_exited_to_gone()
    {
        var id = await Runtime.CreateAsync(Spec("life"), default);
        Assert.Equal(ContainerPhase.Created, (await Runtime.InspectAsync(id, default))!.Phase);
        await Runtime.StartAsync(id, default);
        var running = await Runtime.InspectAsync(id, default);
        Assert.Equal(ContainerPhase.Running, running!.Phase);
        Assert.NotNull(running.StartedAt);
        await Runtime.StopAsync(id, TimeSpan.Zero, default);
        var exited = await Runtime.InspectAsync(id, default);
        Assert.Equal((ContainerPhase.Exited, 137), (exited!.Phase, exited.ExitCode));
        Assert.NotNull(exited.FinishedAt);
        await Runtime.RemoveAsync(id, default);
        Assert.Null(await Runtime.InspectAsync(id, default));
    }

    [Fact]
    public async Task A_repeated_create_answers_with_the_container_that_is_there() =>
        Assert.Equal(await Runtime.CreateAsync(Spec("twice"), default), await Runtime.CreateAsync(Spec("twice"), default));

    [Fact]
    public async Task Stopping_or_removing_what_is_not_there_is_no_error()
    {
        await Runtime.StopAsync("kit-nothing", TimeSpan.FromSeconds(1), default);
        await Runtime.RemoveAsync("kit-nothing", default);
    }

    [Fact]
    public async Task Containers_are_listed_with_their_labels()
    {
        var id = await Runtime.CreateAsync(Spec("listed"), default);
        var listed = Assert.Single(await Runtime.ListPodAsync("listed", default));
        Assert.Equal((id, nodeName), (listed.Id, listed.Labels[ContainerLabels.Node]));
        Assert.Empty(await Runtime.ListPodAsync("another", default));
    }

    [Fact]
    public async Task What_happens_is_told_in_order()
    {
        var since = DateTimeOffset.UtcNow;
        var id = await Runtime.CreateAsync(Spec("events"), default);
        await Runtime.StartAsync(id, default);
        await Runtime.RemoveAsync(id, default);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var seen = new List<ContainerEventKind>();
        await foreach (var happened in Runtime.EventsAsync(since.AddSeconds(-1), limit.Token))
        {
            if (happened.ContainerId != id) continue;
            seen.Add(happened.Kind);
            if (happened.Kind == ContainerEventKind.Exited) Assert.Equal(137, happened.ExitCode);
            if (happened.Kind == ContainerEventKind.Removed) break;
        }
        Assert.Equal([ContainerEventKind.Started, ContainerEventKind.Exited, ContainerEventKind.Removed], seen);
    }

    [Fact]
    public async Task A_command_answers_with_its_output_and_exit_code()
    {
        var id = await Runtime.CreateAsync(Spec("exec"), default);
        await Runtime.StartAsync(id, default);
        Assert.Equal(new ExecResult(0, "hello there\n"), await Runtime.ExecAsync(id, ["echo", "hello", "there"], TimeSpan.FromSeconds(10), default));
        Assert.Equal(1, (await Runtime.ExecAsync(id, ["false"], TimeSpan.FromSeconds(10), default)).ExitCode);
    }

    [Fact]
    public async Task It_says_which_isolation_it_gives_and_gives_it()
    {
        var isolation = (await Runtime.InfoAsync(default)).Isolation;
        Assert.True(isolation is { Seccomp: true, SeccompByDefault: true });
        var id = await Runtime.CreateAsync(Spec("isolated") with { Seccomp = new SeccompFilter.Profile("""{"defaultAction":"SCMP_ACT_ALLOW"}"""), Groups = [7, 8] }, default);
        await Runtime.StartAsync(id, default);
        Assert.Equal(ContainerPhase.Running, (await Runtime.InspectAsync(id, default))!.Phase);
    }

    [Fact]
    public async Task Logs_are_cut_to_the_lines_and_bytes_asked_for()
    {
        var id = await Runtime.CreateAsync(Spec("logs") with
        {
            Command = ["sh", "-c"],
            Args = ["echo first; echo second; echo third"],
            Labels = new Dictionary<string, string> { [SimulatedBehaviour.Prefix + "log"] = "first\nsecond\nthird", [SimulatedBehaviour.Prefix + "exit-after"] = "0.01" },
        }, default);
        Assert.Equal("", await LogAsync(id, new(Follow: false, Timestamps: false, TailLines: null, Since: null, LimitBytes: null)));
        await Runtime.StartAsync(id, default);
        var all = new LogRequest(Follow: true, Timestamps: false, TailLines: null, Since: null, LimitBytes: null);
        // To its end: then all of it is there.
        Assert.Equal("first\nsecond\nthird\n", await LogAsync(id, all));
        all = all with { Follow = false };
        Assert.Equal("second\nthird\n", await LogAsync(id, all with { TailLines = 2 }));
        Assert.Equal("", await LogAsync(id, all with { TailLines = 0 }));
        Assert.Equal("firs", await LogAsync(id, all with { LimitBytes = 4 }));
        Assert.Equal("thi", await LogAsync(id, all with { TailLines = 1, LimitBytes = 3 }));
        Assert.Equal("", await LogAsync(id, all with { Since = DateTimeOffset.UtcNow.AddHours(1) }));
        Assert.All((await LogAsync(id, all with { Timestamps = true })).TrimEnd().Split('\n'), line => Assert.Matches(@"^\d{4}-\d\d-\d\dT[0-9:.]+Z (first|second|third)$", line));
        await Runtime.RemoveAsync(id, default);
        await Assert.ThrowsAsync<ContainerGoneException>(() => LogAsync(id, all));
    }

    private async Task<string> LogAsync(string id, LogRequest request)
    {
        using var log = new MemoryStream();
        await Runtime.CopyLogsAsync(id, request, log, default).WaitAsync(TimeSpan.FromSeconds(30));
        return Encoding.UTF8.GetString(log.ToArray());
    }

    protected ContainerSpec Spec(string name) => new()
    {
        Name = $"{nodeName}-{name}",
        Image = TestImage.Reference,
        Command = ["sleep"],
        Args = ["3600"],
        Network = new NetworkMode.Host(),
        Labels = new Dictionary<string, string> { [ContainerLabels.PodUid] = name },
    };
}

public sealed class DockerRuntimeTests() : RuntimeKit("agent-kit")
{
    protected override IContainerRuntime Runtime { get; } = new DockerRuntime(new() { NodeName = "agent-kit" });

    [Theory]
    [InlineData("sleep 7771")]
    [InlineData("sleep 7771 & sleep 7772 & wait")]
    [InlineData("(sleep 7771 & sleep 7772 &); exec sleep 7773")]
    [InlineData("exec >&- 2>&-; sleep 7771")]
    [InlineData("trap '' TERM HUP INT; while :; do sleep 0.1; : 777; done")]
    public async Task A_command_that_takes_too_long_leaves_no_process_behind_and_its_container_alone(string script)
    {
        var id = await Runtime.CreateAsync(Spec($"leak-{Guid.NewGuid():N}"), default);
        await Runtime.StartAsync(id, default);
        await Assert.ThrowsAsync<TimeoutException>(() => Runtime.ExecAsync(id, ["sh", "-c", script], TimeSpan.FromSeconds(1), default));
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Runtime.ExecAsync(id, ["sh", "-c", script], TimeSpan.FromMinutes(1), cancel.Token));

        var left = await Runtime.ExecAsync(id, ["ps"], TimeSpan.FromSeconds(10), default);
        Assert.DoesNotContain("777", left.Output, StringComparison.Ordinal);
        Assert.Contains("sleep 3600", left.Output, StringComparison.Ordinal);
        Assert.Equal(ContainerPhase.Running, (await Runtime.InspectAsync(id, default))!.Phase);
    }

    [Fact]
    public async Task A_command_that_closes_its_output_is_waited_for()
    {
        var id = await Runtime.CreateAsync(Spec("closed"), default);
        await Runtime.StartAsync(id, default);
        Assert.Equal(9, (await Runtime.ExecAsync(id, ["sh", "-c", "exec >&- 2>&-; sleep 1; exit 9"], TimeSpan.FromSeconds(20), default)).ExitCode);
    }

    [Fact]
    public async Task What_a_container_writes_is_measured()
    {
        var id = await Runtime.CreateAsync(Spec("written"), default);
        await Runtime.StartAsync(id, default);
        var before = await Runtime.WrittenBytesAsync(id, default);
        await Runtime.ExecAsync(id, ["dd", "if=/dev/zero", "of=/file", "bs=1M", "count=3"], TimeSpan.FromSeconds(20), default);
        Assert.InRange((await Runtime.WrittenBytesAsync(id, default))!.Value - before!.Value, 3 << 20, 4 << 20);
        Assert.Null(await Runtime.WrittenBytesAsync("no-such-container", default));
    }

    [Theory]
    [InlineData("busybox", "busybox", "latest")]
    [InlineData("host:5000/a/b:1", "host:5000/a/b", "1")]
    [InlineData("host:5000/a/b", "host:5000/a/b", "latest")]
    public void An_image_is_pulled_by_name_and_tag(string image, string name, string tag) => Assert.Equal((name, tag), DockerRuntime.SplitTag(image));
}

public sealed class DockerIsolationNamesTests
{
    [Fact]
    public void What_the_engine_has_is_read_from_its_names()
    {
        Assert.Equal(new(), DockerRuntime.IsolationOf([]));
        Assert.Equal(new() { Seccomp = true, SeccompByDefault = true }, DockerRuntime.IsolationOf(["name=seccomp,profile=default"]));
        Assert.Equal(new() { Seccomp = true }, DockerRuntime.IsolationOf(["name=seccomp,profile=unconfined"]));
        Assert.Equal(new() { AppArmor = true, SELinux = true, UserNamespaces = true }, DockerRuntime.IsolationOf(["name=apparmor", "name=selinux", "name=userns", "name=cgroupns"]));
    }
}

public sealed class SimulatedRuntimeTests() : RuntimeKit("agent-sim")
{
    protected override IContainerRuntime Runtime { get; } = new SimulatedRuntime("agent-sim", TimeProvider.System);

    public override Task InitializeAsync() => Task.CompletedTask;
}
