using ActorOrch.Resources.Numbers;
using CsCheck;

namespace ActorOrch.Resources.Tests.Numbers;

public class SaturatingTests
{
    private static readonly Gen<long> AnyLong = Gen.OneOf(Gen.Long, Gen.Int[-1, 1].Select(i => (long)i), Gen.Bool.Select(least => least ? long.MinValue : long.MaxValue));

    [Fact]
    public void A_sum_is_the_nearest_there_is() => Gen.Select(AnyLong, AnyLong).Sample((one, other) =>
        Assert.Equal((long)Int128.Clamp((Int128)one + other, long.MinValue, long.MaxValue), Saturating.Add(one, other)));

    [Fact]
    public void A_sum_of_many_is_the_nearest_there_is() => Gen.OneOf(Gen.Int, Gen.Bool.Select(least => least ? int.MinValue : int.MaxValue)).Array[0, 20].Sample(numbers =>
        Assert.Equal((int)Math.Clamp(numbers.Sum(n => (long)n), int.MinValue, int.MaxValue), numbers.SumOf(n => n)));
}
