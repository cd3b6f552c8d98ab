using ActorOrch.Agent.Nodes;

namespace ActorOrch.Agent.Tests.Nodes;

public sealed class EngineRetriesTests
{
    private static readonly double[] Growing = [0.5, 1, 2, 4, 8, 10, 10];
    private readonly Clock _time = new();

    [Fact]
    public void An_engine_that_does_not_come_is_tried_less_and_less_often()
    {
        var retries = new EngineRetries(_time);
        Assert.Equal(Growing, Growing.Select(_ => retries.Down().TotalSeconds));
    }

    [Fact]
    public void One_that_goes_as_soon_as_it_has_come_is_no_better()
    {
        var retries = new EngineRetries(_time);
        Assert.Equal(Growing, Growing.Select(_ =>
        {
            retries.Up();
            _time.Seconds += 1;
            return retries.Down().TotalSeconds;
        }));
    }

    [Fact]
    public void One_that_had_come_to_stay_is_tried_at_once()
    {
        var retries = new EngineRetries(_time);
        for (var i = 0; i < 10; i++) retries.Down();
        retries.Up();
        _time.Seconds += 11;
        Assert.Equal(EngineRetries.Shortest, retries.Down());
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
