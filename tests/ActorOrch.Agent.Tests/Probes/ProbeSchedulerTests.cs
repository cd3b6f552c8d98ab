using System.Threading.Channels;
using ActorOrch.Agent.Probes;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Probes;

/// <summary>One timer serves all probes: no probe's numbers or failures may keep another from it.</summary>
public sealed class ProbeSchedulerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ProbeScheduler _probes = new(TimeProvider.System);
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();

    public void Dispose() => _probes.Dispose();

    [Theory]
    [InlineData(5_000_000)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    [InlineData(0)]
    public async Task A_probe_beside_one_with_any_numbers_is_served(int number)
    {
        var slow = Channel.CreateUnbounded<int>();
        var quick = Channel.CreateUnbounded<int>();
        using var one = Start(slow, new() { Exec = new(), PeriodSeconds = number, FailureThreshold = number, SuccessThreshold = number });
        using var late = Start(Channel.CreateUnbounded<int>(), new() { Exec = new(), InitialDelaySeconds = number, TimeoutSeconds = number });
        using var two = Start(quick, new() { Exec = new(), PeriodSeconds = 1 });
        Assert.True(await slow.Reader.WaitToReadAsync().AsTask().WaitAsync(Patience));
        for (var i = 0; i < 3; i++) await quick.Reader.ReadAsync().AsTask().WaitAsync(Patience);
    }

    [Fact]
    public async Task One_that_throws_has_failed_and_is_tried_again()
    {
        var attempts = Channel.CreateUnbounded<int>();
        var outcomes = Channel.CreateUnbounded<ProbeOutcome>();
        var task = new ProbeTask("id", "c", ProbeKind.Liveness, new() { PeriodSeconds = 1, FailureThreshold = 2 }, _ =>
        {
            attempts.Writer.TryWrite(0);
            throw new FormatException("no such thing");
        }, outcome => outcomes.Writer.TryWrite(outcome));
        using var probe = _probes.Start(task, _start);
        for (var i = 0; i < 2; i++) await attempts.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        Assert.Null((await outcomes.Reader.ReadAsync().AsTask().WaitAsync(Patience)).Verdict);
        var second = await outcomes.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        Assert.False(second.Verdict);
        Assert.Equal("no such thing", second.Failure);
    }

    [Fact]
    public async Task One_whose_report_fails_does_not_stop_the_others()
    {
        var quick = Channel.CreateUnbounded<int>();
        using var broken = _probes.Start(
            new("id", "c", ProbeKind.Readiness, new() { PeriodSeconds = 1 }, _ => Task.FromResult(new ProbeResult(true, "")), _ => throw new InvalidOperationException("broken report")), _start);
        using var two = Start(quick, new() { Exec = new(), PeriodSeconds = 1 });
        for (var i = 0; i < 3; i++) await quick.Reader.ReadAsync().AsTask().WaitAsync(Patience);
    }

    private IDisposable Start(Channel<int> attempts, V1Probe probe) => _probes.Start(new("id", "c", ProbeKind.Readiness, probe, _ =>
    {
        attempts.Writer.TryWrite(0);
        return Task.FromResult(new ProbeResult(true, ""));
    }, _ => { }), _start);
}
