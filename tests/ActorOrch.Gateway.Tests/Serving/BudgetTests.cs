using ActorOrch.Gateway.Serving;

namespace ActorOrch.Gateway.Tests.Serving;

public sealed class BudgetTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Budget _budget = new(10, mostWaiting: 3, TimeProvider.System);

    [Fact]
    public void No_more_is_taken_than_there_is()
    {
        Assert.True(_budget.TryTake(7));
        Assert.False(_budget.TryTake(4));
        Assert.True(_budget.TryTake(3));
        _budget.Give(10);
        Assert.Equal(10, _budget.Left);
    }

    [Fact]
    public async Task Who_waits_gets_what_is_given_back_in_the_order_of_coming()
    {
        Assert.True(_budget.TryTake(10));
        var large = _budget.TakeAsync(8, Patience, default).AsTask();
        var small = _budget.TakeAsync(2, Patience, default).AsTask();
        _budget.Give(2);
        Assert.False(_budget.TryTake(1), "it was there for who came first");
        Assert.False(small.IsCompleted);
        _budget.Give(8);
        Assert.True(await large.WaitAsync(Patience));
        Assert.True(await small.WaitAsync(Patience));
        Assert.Equal(0, _budget.Left);
    }

    [Fact]
    public async Task Who_has_no_patience_left_goes_and_the_next_has_its_turn()
    {
        Assert.True(_budget.TryTake(8));
        var large = _budget.TakeAsync(10, TimeSpan.FromMilliseconds(50), default).AsTask();
        var small = _budget.TakeAsync(2, Patience, default).AsTask();
        Assert.False(await large.WaitAsync(Patience));
        Assert.True(await small.WaitAsync(Patience));
        _budget.Give(10);
        Assert.Equal(10, _budget.Left);
    }

    [Fact]
    public async Task Who_goes_away_leaves_nothing_behind()
    {
        Assert.True(_budget.TryTake(10));
        using var gone = new CancellationTokenSource();
        var waiting = _budget.TakeAsync(1, Patience, gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience));
        _budget.Give(10);
        Assert.True(_budget.TryTake(10));
    }

    [Fact]
    public async Task No_more_wait_than_may()
    {
        Assert.True(_budget.TryTake(10));
        var waiting = Enumerable.Range(0, 3).Select(_ => _budget.TakeAsync(1, Patience, default).AsTask()).ToArray();
        Assert.False(await _budget.TakeAsync(1, Patience, default));
        _budget.Give(3);
        Assert.All(await Task.WhenAll(waiting).WaitAsync(Patience), Assert.True);
    }

    [Fact]
    public async Task Whatever_is_taken_at_once_from_many_sides_is_all_there_in_the_end()
    {
        var budget = new Budget(100, mostWaiting: 1000, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 2000; i++)
            {
                var amount = random.Next(1, 60);
                if (!await budget.TakeAsync(amount, Patience, default)) continue;
                if (i % 16 == 0) await Task.Yield();
                budget.Give(amount);
            }
        }))).WaitAsync(Patience);
        Assert.Equal(100, budget.Left);
    }
}
