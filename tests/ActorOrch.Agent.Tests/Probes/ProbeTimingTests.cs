using ActorOrch.Agent.Probes;
using ActorOrch.Testing;
using CsCheck;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Probes;

/// <summary>When probes are made, and what is told of them, on a clock of the test's own.</summary>
public sealed class ProbeTimingTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly ProbeScheduler _probes;
    private readonly List<double> _attempts = [];
    private readonly List<ProbeOutcome> _outcomes = [];
    private readonly DateTimeOffset _start;

    public ProbeTimingTests() => (_probes, _start) = (new(_time), _time.GetUtcNow());

    public void Dispose() => _probes.Dispose();

    [Fact]
    public void The_first_attempt_is_made_after_the_delay_and_the_others_a_period_apart()
    {
        using var probe = Start(ProbeKind.Liveness, new() { InitialDelaySeconds = 7, PeriodSeconds = 3 }, _ => true);
        _time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Empty(_attempts);
        _time.Advance(TimeSpan.FromSeconds(6.2));
        Assert.Equal([7, 10, 13], _attempts);
        Assert.Equal([true], _outcomes.Select(o => o.Verdict));
    }

    [Fact]
    public void A_container_that_started_before_is_probed_at_once()
    {
        using var probe = _probes.Start(Task(ProbeKind.Liveness, new() { InitialDelaySeconds = 5 }, _ => true), _start.AddSeconds(-60));
        _time.Advance(TimeSpan.Zero);
        Assert.Equal([0], _attempts);
    }

    [Fact]
    public void One_that_is_disposed_is_made_no_more_and_does_not_keep_others_from_theirs()
    {
        var first = Start(ProbeKind.Liveness, new() { PeriodSeconds = 1 }, _ => true);
        using var second = Start(ProbeKind.Liveness, new() { PeriodSeconds = 2, InitialDelaySeconds = 1 }, _ => true);
        _time.Advance(TimeSpan.FromSeconds(0.5));
        first.Dispose();
        first.Dispose();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal([0, 1, 3, 5], _attempts);
    }

    [Theory]
    [InlineData(ProbeKind.Readiness, false)]
    [InlineData(ProbeKind.Startup, false)]
    [InlineData(ProbeKind.Liveness, true)]
    public void What_is_not_ready_yet_is_asked_sooner_than_its_period_says_but_not_whether_it_lives(ProbeKind kind, bool onlyByPeriod)
    {
        using var probe = Start(kind, new() { HttpGet = new(), PeriodSeconds = 10, FailureThreshold = 100 }, at => at >= 3);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        if (onlyByPeriod) Assert.Equal([0], _attempts);
        else
        {
            Assert.InRange(_attempts.Count, 4, 20);
            Assert.True(_outcomes[^1].Verdict);
            // Once it is ready, it is asked by its period again.
            var ready = _attempts[^1];
            Assert.InRange(ready, 3, 7);
            _time.Advance(TimeSpan.FromSeconds(10));
            Assert.Equal(ready + 10, _attempts[^1]);
        }
    }

    [Fact]
    public void What_fails_sooner_than_its_period_counts_once_a_period() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 5]).Sample((period, threshold) =>
        {
            var time = new ManualTime();
            using var probes = new ProbeScheduler(time);
            var (start, failed) = (time.GetUtcNow(), (double?)null);
            using var probe = probes.Start(new("id", "c", ProbeKind.Readiness, new() { TcpSocket = new(), PeriodSeconds = period, FailureThreshold = threshold }, _ =>
                System.Threading.Tasks.Task.FromResult(new ProbeResult(false, "no")), outcome =>
                {
                    if (outcome.Verdict == false) failed ??= (time.GetUtcNow() - start).TotalSeconds;
                }), start);
            time.Advance(TimeSpan.FromSeconds(period * (threshold + 1)));
            Assert.NotNull(failed);
            Assert.InRange(failed.Value, period * (threshold - 1), period * threshold);
        });

    /// <summary>Against the plainest way to say it: a verdict stands when enough attempts in a row say the same.</summary>
    [Fact]
    public void The_verdict_is_that_of_as_many_attempts_in_a_row_as_the_thresholds_say() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], Gen.Bool.Array[1, 40]).Sample((successes, failures, results) =>
        {
            var time = new ManualTime();
            using var probes = new ProbeScheduler(time);
            var (made, verdicts) = (0, new List<bool>());
            using var probe = probes.Start(
                new("id", "c", ProbeKind.Liveness, new() { PeriodSeconds = 1, SuccessThreshold = successes, FailureThreshold = failures },
                    _ => System.Threading.Tasks.Task.FromResult(new ProbeResult(results[made++ % results.Length], "")),
                    outcome =>
                    {
                        if (outcome.Verdict is { } verdict && (verdicts.Count == 0 || verdicts[^1] != verdict)) verdicts.Add(verdict);
                    }), time.GetUtcNow());
            time.Advance(TimeSpan.FromSeconds(results.Length - 1));
            Assert.Equal(results.Length, made);

            var expected = new List<bool>();
            for (var i = 0; i < results.Length; i++)
            {
                var needed = results[i] ? successes : failures;
                if (i + 1 < needed || results[(i + 1 - needed)..(i + 1)].Any(r => r != results[i])) continue;
                if (expected.Count == 0 || expected[^1] != results[i]) expected.Add(results[i]);
            }
            Assert.Equal(expected, verdicts);
        });

    [Fact]
    public void Each_failure_and_each_warning_is_told_with_its_words()
    {
        var results = new Queue<ProbeResult>([new(false, "no"), new(true, "over there", Warning: true), new(true, "yes"), new(true, "over there", Warning: true)]);
        using var probe = _probes.Start(new("id", "c", ProbeKind.Liveness, new() { PeriodSeconds = 1 }, _ => System.Threading.Tasks.Task.FromResult(results.Dequeue()), _outcomes.Add), _start);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(
            [(null, "no", null), (true, null, "over there"), (null, null, "over there")],
            _outcomes.Select(o => (o.Verdict, o.Failure, o.Warning)));
    }

    [Fact]
    public void After_a_long_sleep_a_probe_is_made_once_and_not_for_every_period_that_was_slept_through()
    {
        using var probe = Start(ProbeKind.Liveness, new() { PeriodSeconds = 1 }, _ => true);
        _time.Advance(TimeSpan.FromSeconds(1));
        _time.Leap(TimeSpan.FromHours(1));
        Assert.Equal([0, 1, 3601], _attempts);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3602, _attempts[^1]);
    }

    [Fact]
    public void After_the_end_of_the_scheduler_nothing_is_probed()
    {
        var probes = new ProbeScheduler(_time);
        using var probe = probes.Start(Task(ProbeKind.Liveness, new() { PeriodSeconds = 1 }, _ => true), _start);
        _time.Advance(TimeSpan.FromSeconds(1));
        probes.Dispose();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(2, _attempts.Count);
    }

    private IDisposable Start(ProbeKind kind, V1Probe probe, Func<double, bool> succeeds)
    {
        var started = _probes.Start(Task(kind, probe, succeeds), _start);
        _time.Advance(TimeSpan.Zero);
        return started;
    }

    private ProbeTask Task(ProbeKind kind, V1Probe probe, Func<double, bool> succeeds) => new("id", "c", kind, probe, _ =>
    {
        var at = (_time.GetUtcNow() - _start).TotalSeconds;
        _attempts.Add(at);
        return System.Threading.Tasks.Task.FromResult(new ProbeResult(succeeds(at), ""));
    }, _outcomes.Add);
}
