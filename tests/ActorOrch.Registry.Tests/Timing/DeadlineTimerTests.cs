using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Timing;

namespace ActorOrch.Registry.Tests.Timing;

public class DeadlineTimerTests
{
    private readonly SteppingTime _time = new();
    private int _fired;

    public static TheoryData<long> Waits => [0, 1, 30, 4_294_967, 4_294_968, 5_000_000, 315_360_000, 9_223_372_036, long.MaxValue, -1, long.MinValue];

    [Theory]
    [MemberData(nameof(Waits))]
    public void It_fires_once_and_at_its_time_however_far_that_is(long seconds)
    {
        var wait = Durations.OfSeconds(seconds);
        using var timer = DeadlineTimer.Once(_time, wait, "test", () => _fired++);
        if (wait > TimeSpan.Zero)
        {
            _time.Advance(wait - TimeSpan.FromMilliseconds(20));
            Assert.Equal(0, _fired);
            _time.Advance(TimeSpan.FromMilliseconds(20));
        }
        else _time.Advance(TimeSpan.Zero);
        Assert.Equal(1, _fired);
        _time.Advance(TimeSpan.FromDays(400));
        Assert.Equal(1, _fired);
        Assert.True(_time.Sets <= 1 + Math.Max(0, wait / TimeSpan.FromDays(40)), $"{_time.Sets} waits");
    }

    [Fact]
    public void One_that_is_set_anew_fires_at_the_new_time_alone()
    {
        using var timer = DeadlineTimer.Once(_time, TimeSpan.FromDays(100), "test", () => _fired++);
        _time.Advance(TimeSpan.FromDays(50));
        timer.Set(TimeSpan.FromDays(90));
        _time.Advance(TimeSpan.FromDays(89));
        Assert.Equal(0, _fired);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, _fired);
        timer.Set(TimeSpan.FromDays(90));
        timer.Set(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _fired);
    }

    [Fact]
    public void One_that_repeats_goes_on_after_a_failure_and_each_failure_is_told()
    {
        var told = new List<string>();
        void Listen(string what, Exception failure)
        {
            lock (told) if (what == "the failing test") told.Add(failure.Message);
        }
        Unawaited.Failed += Listen;
        try
        {
            using var timer = DeadlineTimer.Every(_time, TimeSpan.FromMinutes(1), "the failing test", () => throw new InvalidOperationException($"{++_fired}"));
            _time.Advance(TimeSpan.FromMinutes(3));
            Assert.Equal(["1", "2", "3"], told);
        }
        finally
        {
            Unawaited.Failed -= Listen;
        }
    }

    [Fact]
    public void A_disposed_one_does_not_fire()
    {
        var timer = DeadlineTimer.Once(_time, TimeSpan.FromSeconds(1), "test", () => _fired++);
        timer.Dispose();
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, _fired);
    }

    [Theory]
    [MemberData(nameof(Waits))]
    public void Patience_ends_when_it_says(long seconds)
    {
        var wait = Durations.OfSeconds(seconds);
        using var patience = new Patience(wait, CancellationToken.None, _time);
        Assert.Equal(wait <= TimeSpan.Zero, patience.Token.IsCancellationRequested);
        if (wait > TimeSpan.Zero) _time.Advance(wait);
        Assert.True(patience.Token.IsCancellationRequested);
        Assert.True(patience.IsOver);
    }

    [Fact]
    public void Patience_that_is_called_off_is_not_over()
    {
        using var other = new CancellationTokenSource();
        using var patience = new Patience(Durations.Longest, other.Token, _time);
        other.Cancel();
        Assert.True(patience.Token.IsCancellationRequested);
        Assert.False(patience.IsOver);
    }

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task A_wait_ends_when_it_says(long seconds)
    {
        var wait = Durations.OfSeconds(seconds);
        var waiting = _time.WaitAsync(wait, CancellationToken.None);
        Assert.Equal(wait <= TimeSpan.Zero, waiting.IsCompleted);
        if (wait > TimeSpan.Zero) _time.Advance(wait);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(0, _fired);
    }

    [Fact]
    public async Task A_failure_of_what_nobody_awaits_is_told()
    {
        var told = new TaskCompletionSource<string>();
        void Listen(string what, Exception failure)
        {
            if (what == "work of the test") told.TrySetResult(failure.Message);
        }
        Unawaited.Failed += Listen;
        try
        {
            Unawaited.Observe("work of the test", Task.Run(() => throw new InvalidOperationException("broken")));
            Assert.Equal("broken", await told.Task.WaitAsync(TimeSpan.FromSeconds(10)));
        }
        finally
        {
            Unawaited.Failed -= Listen;
        }
    }
}
