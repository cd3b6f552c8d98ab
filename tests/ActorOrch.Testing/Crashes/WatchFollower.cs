namespace ActorOrch.Testing.Crashes;

/// <summary>A watcher as client libraries are: when its stream ends, for whatever reason, it goes on from the last revision it knows.</summary>
internal sealed class WatchFollower : IAsyncDisposable
{
    private readonly ConfigMapClient _client;
    private readonly Func<Task> _whenUp;
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly Task _following;
    private List<SeenChange> _seen = [];
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _last;

    /// <param name="whenUp">Completes when the process answers (again).</param>
    public WatchFollower(ConfigMapClient client, long after, Func<Task> whenUp)
    {
        _client = client;
        _last = after;
        _whenUp = whenUp;
        _following = FollowAsync();
    }

    public long Last
    {
        get
        {
            lock (_gate) return _last;
        }
    }

    /// <summary>Waits until it has come to a revision; the changes up to there that have not been taken before.</summary>
    public async Task<IReadOnlyList<SeenChange>> TakeUntilAsync(long revision, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        while (true)
        {
            Task progress;
            lock (_gate)
            {
                if (_last >= revision)
                {
                    var taken = _seen.FindAll(c => c.Revision <= revision);
                    _seen = _seen.FindAll(c => c.Revision > revision);
                    return taken;
                }
                progress = _progress.Task;
            }
            await Task.WhenAny(progress, _following).WaitAsync(limit.Token);
            if (_following.IsFaulted) await _following;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task FollowAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            await _whenUp().WaitAsync(_end.Token);
            try
            {
                await foreach (var change in _client.WatchAsync(Last, _end.Token)) Saw(change);
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException)
            {
                // Killed in the middle: go on when it is up again.
            }
        }
    }

    private void Saw(SeenChange change)
    {
        lock (_gate)
        {
            // A change that comes a second time is for the checker to find; a bookmark moves on.
            if (change.Type != "BOOKMARK") _seen.Add(change);
            _last = Math.Max(_last, change.Revision);
            _progress.TrySetResult();
            _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
