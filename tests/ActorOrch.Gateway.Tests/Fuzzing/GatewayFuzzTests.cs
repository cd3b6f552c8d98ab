using ActorOrch.Testing.Fuzzing;

namespace ActorOrch.Gateway.Tests.Fuzzing;

/// <summary>A minute of the run that <c>tests/ActorOrch.Benchmarks -- Fuzz MINUTES SEED</c> goes on with.</summary>
public class GatewayFuzzTests
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Whatever_is_sent_is_answered_or_cut_and_never_an_error_of_ours()
    {
        // Another part of the space each day; the failure names the case.
        var seed = (int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86_400 % 2_000) * 1_000_000;
        Assert.InRange(await GatewayFuzz.RunAsync(seed, Time), 1, int.MaxValue);
    }
}
