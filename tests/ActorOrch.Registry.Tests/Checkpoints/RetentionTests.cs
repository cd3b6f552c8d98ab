using ActorOrch.Registry.Checkpoints;
using CsCheck;

namespace ActorOrch.Registry.Tests.Checkpoints;

public sealed class RetentionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static Checkpoint At(long revision, int daysAgo) => new(revision, revision, Now.AddDays(-daysAgo).ToUnixTimeMilliseconds(), 0);

    [Fact]
    public void The_newest_checkpoint_behind_the_window_is_the_first_that_is_kept()
    {
        var checkpoints = new[] { At(100, 9), At(200, 8), At(300, 6), At(400, 1) };

        Assert.Equal([200, 300, 400], new Retention(1000, TimeSpan.FromDays(7)).Keep(checkpoints, 450, Now).Select(c => c.Revision));
        Assert.Equal([300, 400], new Retention(150, TimeSpan.FromDays(7)).Keep(checkpoints, 450, Now).Select(c => c.Revision));
        Assert.Equal([400], new Retention(50, TimeSpan.FromDays(70)).Keep(checkpoints, 450, Now).Select(c => c.Revision));
        Assert.Equal([100, 200, 300, 400], new Retention(351, TimeSpan.FromDays(70)).Keep(checkpoints, 450, Now).Select(c => c.Revision));
    }

    [Fact]
    public void Every_version_of_the_window_stays_and_no_checkpoint_that_it_does_not_need() =>
        Gen.Select(Gen.Int[1, 500].Array[1, 12], Gen.Int[0, 14].Array[12], Gen.Int[1, 900], Gen.Int[1, 10]).Sample((revisions, days, versions, age) =>
        {
            Checkpoint[] checkpoints = [.. revisions.Distinct().Order().Zip(days.OrderDescending(), (revision, ago) => At(revision, ago))];
            var latest = checkpoints[^1].Revision + 3;
            var retention = new Retention(versions, TimeSpan.FromDays(age));

            var kept = retention.Keep(checkpoints, latest, Now);

            Assert.Equal(checkpoints.TakeLast(kept.Count), kept);
            var dropped = checkpoints.SkipLast(kept.Count).ToArray();
            if (dropped.Length > 0)
                Assert.True(kept[0].Revision <= latest - versions || kept[0].CommittedAtMilliseconds <= retention.Expired(Now), "a version of the window is gone");
            if (kept.Count > 1)
                Assert.True(kept[1].Revision > latest - versions && kept[1].CommittedAtMilliseconds > retention.Expired(Now), "more is kept than is needed");
        });
}
