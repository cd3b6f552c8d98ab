using ActorOrch.Gateway.Health;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Registry.Health;
using ActorOrch.Testing;

namespace ActorOrch.Gateway.Tests.Health;

public sealed class HealthTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly NamedCheck _store = new("store");
    private readonly NamedCheck _scheduler = new("scheduler");
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() =>
        _gateway = await TestGateway.StartAsync(time: _time, change: o => o with { Readiness = [_store, _scheduler] });

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("readyz")]
    [InlineData("healthz")]
    public async Task All_checks_are_named_when_asked_for(string endpoint)
    {
        Assert.Equal((200, "ok"), await GetAsync(endpoint));
        Assert.Equal((200, $"[+]ping ok\n[+]store ok\n[+]scheduler ok\n{endpoint} check passed\n"), await GetAsync($"{endpoint}?verbose"));
    }

    [Fact]
    public async Task The_one_that_fails_is_named_and_only_an_administrator_learns_why()
    {
        _scheduler.Failure = "the scheduler does not answer";

        Assert.Equal((500, "[+]ping ok\n[+]store ok\n[-]scheduler failed: the scheduler does not answer\nreadyz check failed\n"), await GetAsync("readyz"));
        Assert.Equal((500, "internal server error: the scheduler does not answer\n"), await GetAsync("readyz/scheduler"));
        using var anyone = _gateway.NewClient();
        Assert.Equal((500, "[+]ping ok\n[+]store ok\n[-]scheduler failed: reason withheld\nreadyz check failed\n"), await GetAsync("readyz", anyone));
        Assert.Equal((500, "internal server error: reason withheld\n"), await GetAsync("readyz/scheduler", anyone));
        using var jane = _gateway.NewClient(_gateway.Pki.Authority.IssueClient("jane"));
        Assert.Equal((500, "internal server error: reason withheld\n"), await GetAsync("readyz/scheduler", jane));
    }

    [Fact]
    public async Task Each_can_be_asked_alone_or_left_out()
    {
        _scheduler.Failure = "dead";

        Assert.Equal((200, "ok"), await GetAsync("readyz/store"));
        Assert.Equal((404, ""), await GetAsync("readyz/none", body: false));
        Assert.Equal((200, "ok"), await GetAsync("readyz?exclude=scheduler"));
        Assert.Equal(
            (200, "[+]ping ok\n[+]store ok\n[+]scheduler excluded: ok\nwarn: some health checks cannot be excluded: no matches for \"a\",\"b\"\nreadyz check passed\n"),
            await GetAsync("readyz?verbose&exclude=scheduler&exclude=b&exclude=a"));
    }

    [Fact]
    public async Task A_process_that_is_not_ready_is_alive_nonetheless()
    {
        _store.Failure = "the store's disk is full";

        Assert.Equal((200, "[+]ping ok\nlivez check passed\n"), await GetAsync("livez?verbose"));
        Assert.Equal((404, ""), await GetAsync("livez/store", body: false));
    }

    [Fact]
    public async Task Many_who_ask_cost_one_check_a_second()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => GetAsync("readyz")));
        Assert.Equal(1, _store.Asked);
        _store.Failure = "dead";
        Assert.Equal((200, "ok"), await GetAsync("readyz"));

        _time.Advance(BoundedHealthCheck.Freshness);

        Assert.Equal(500, (await GetAsync("readyz")).Code);
        Assert.Equal(2, _store.Asked);
    }

    [Fact]
    public async Task A_check_that_hangs_has_failed_and_is_not_started_again()
    {
        _store.Hangs = true;
        for (var round = 0; round < 3; round++)
        {
            var answer = GetAsync("readyz/store");
            await _store.AskedFor;
            while (!answer.IsCompleted)
            {
                _time.Advance(BoundedHealthCheck.Deadline);
                await Task.WhenAny(answer, Task.Run(() => { }));
            }
            Assert.Equal((500, "internal server error: no answer within 3 s\n"), await answer);
        }
        Assert.Equal(1, _store.Asked);
    }

    [Fact]
    public async Task A_check_that_throws_has_failed()
    {
        _store.Throws = new IOException("no disk");

        Assert.Equal((500, "internal server error: no disk\n"), await GetAsync("readyz/store"));
    }

    private async Task<(int Code, string Body)> GetAsync(string path, HttpClient? client = null, bool body = true)
    {
        using var response = await (client ?? _gateway.Client).GetAsync($"/{path}");
        return ((int)response.StatusCode, body ? await response.Content.ReadAsStringAsync() : "");
    }

    private sealed class NamedCheck(string name) : IHealthCheck
    {
        private readonly TaskCompletionSource _askedFor = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asked;

        public string? Failure { get; set; }
        public bool Hangs { get; set; }
        public Exception? Throws { get; set; }
        public int Asked => _asked;
        public Task AskedFor => _askedFor.Task;
        public string Name => name;

        public async ValueTask<string?> CheckAsync(CancellationToken cancel)
        {
            Interlocked.Increment(ref _asked);
            _askedFor.TrySetResult();
            // One that does not even listen to being told to end.
            if (Hangs) await new TaskCompletionSource().Task;
            return Throws is null ? Failure : throw Throws;
        }
    }
}
