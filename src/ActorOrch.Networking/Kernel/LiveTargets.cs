namespace ActorOrch.Networking.Kernel;

/// <summary>
/// Which addresses new connections are sent to, and who waits for that to end. An address counts from before a rule that leads to it is
/// handed to the kernel until after the kernel has taken the rule away. Not for concurrent use.
/// </summary>
/// <param name="remember">How long an address that was just removed is remembered, for those who ask a moment late.</param>
public sealed class LiveTargets(TimeProvider time, TimeSpan remember)
{
    private readonly Dictionary<string, int> _live = [];
    private readonly Dictionary<string, long> _gone = [];
    private readonly List<Waiter> _waiters = [];

    public bool Contains(string address) => _live.ContainsKey(address);

    public void Add(IEnumerable<string> addresses)
    {
        foreach (var address in addresses) _live[address] = _live.GetValueOrDefault(address) + 1;
    }

    public void Release(IEnumerable<string> addresses)
    {
        foreach (var (address, at) in _gone)
            if (time.GetElapsedTime(at) > remember) _gone.Remove(address);
        foreach (var address in addresses)
        {
            if (--_live[address] > 0) continue;
            _live.Remove(address);
            _gone[address] = time.GetTimestamp();
            foreach (var waiter in _waiters) waiter.Addresses.Remove(address);
        }
        foreach (var waiter in _waiters)
            if (waiter.Addresses.Count == 0) waiter.Done.TrySetResult(true);
        _waiters.RemoveAll(waiter => waiter.Addresses.Count == 0);
    }

    /// <summary>
    /// Completes <paramref name="done"/> when none of the addresses is live: true when one was until just now, so that connections may be
    /// on their way; false when none has been.
    /// </summary>
    public void Wait(IEnumerable<string> addresses, TaskCompletionSource<bool> done)
    {
        var live = new HashSet<string>();
        var recent = false;
        foreach (var address in addresses)
        {
            if (_live.ContainsKey(address)) live.Add(address);
            else if (_gone.TryGetValue(address, out var at) && time.GetElapsedTime(at) <= remember) recent = true;
        }
        if (live.Count > 0) _waiters.Add(new(live, done));
        else done.TrySetResult(recent);
    }

    public void Forget(TaskCompletionSource<bool> done) => _waiters.RemoveAll(waiter => waiter.Done == done);

    /// <summary>Nothing is programmed here, so nobody need wait.</summary>
    public void ReleaseAll()
    {
        foreach (var waiter in _waiters) waiter.Done.TrySetResult(false);
        _waiters.Clear();
    }

    private sealed record Waiter(HashSet<string> Addresses, TaskCompletionSource<bool> Done);
}
