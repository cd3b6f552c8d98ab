using ActorOrch.Resources.Timing;
using CsCheck;

namespace ActorOrch.Resources.Tests.Timing;

public class DurationsTests
{
    private static readonly long[] Ends = [0, 1, -1, long.MinValue, long.MaxValue, int.MaxValue, int.MinValue, 9_223_372_036, 9_223_372_037];
    private static readonly Gen<long> AnyLong = Gen.OneOf(Gen.Long, Gen.Int[0, Ends.Length - 1].Select(i => Ends[i]));
    private static readonly Gen<DateTimeOffset> AnyTime = Gen.OneOf(
        Gen.DateTime.Select(t => new DateTimeOffset(DateTime.SpecifyKind(t, DateTimeKind.Utc))), Gen.Bool.Select(first => first ? DateTimeOffset.MinValue : DateTimeOffset.MaxValue));

    [Fact]
    public void Any_number_of_seconds_is_a_duration() => AnyLong.Sample(seconds =>
    {
        var duration = Durations.OfSeconds(seconds);
        Assert.Equal(Math.Clamp(seconds, -9_223_372_036, 9_223_372_036), (long)duration.TotalSeconds);
    });

    [Fact]
    public void Any_time_has_one_after_any_duration_and_in_order() => Gen.Select(AnyTime, AnyLong, AnyLong).Sample((time, one, other) =>
    {
        var (sooner, later) = one <= other ? (one, other) : (other, one);
        Assert.True(time.After(sooner) <= time.After(later));
        Assert.True(one < 0 ? time.After(one) <= time : time.After(one) >= time);
        Assert.True(time.After(new TimeSpan(sooner)) <= time.After(new TimeSpan(later)));
    });

    [Theory]
    [InlineData(double.NaN, 0)]
    [InlineData(double.PositiveInfinity, 9_223_372_036)]
    [InlineData(double.NegativeInfinity, -9_223_372_036)]
    [InlineData(1e300, 9_223_372_036)]
    [InlineData(1.5, 1)]
    public void Any_broken_number_of_seconds_is_a_duration(double seconds, long whole) => Assert.Equal(whole, (long)Durations.OfSeconds(seconds).TotalSeconds);

    [Fact]
    public void An_exact_duration_is_exact() =>
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 0, 0, 30, TimeSpan.Zero), new DateTimeOffset(2030, 1, 1, 2, 0, 0, TimeSpan.FromHours(2)).After(30));
}
