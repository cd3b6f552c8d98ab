using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Writes;
using static ActorOrch.Registry.Tests.Samples;

namespace ActorOrch.Registry.Tests.Persistence.Failures;

/// <summary>Watches a collection through a fault: whatever happens, it is told each revision once, in order.</summary>
internal sealed class Witness : IDisposable
{
    private readonly ICollection _collection;
    private readonly long _from;
    private readonly Recorder _recorder = new();
    private readonly IDisposable _subscription;

    public Witness(ICollection collection)
    {
        _collection = collection;
        _from = collection.Latest.Revision;
        _subscription = collection.Subscribe(_from, _recorder);
    }

    public void Dispose() => _subscription.Dispose();

    /// <summary>Nothing was promised, and the caller learns why.</summary>
    public static void Refused(WriteResult result, string why)
    {
        Assert.Equal(WriteOutcome.Unavailable, result.Outcome);
        Assert.Contains(why, result.Detail, StringComparison.Ordinal);
    }

    /// <summary>The collection takes writes again, in this process, and has told of each revision once.</summary>
    public async Task ResumedAsync(string name)
    {
        var revision = _collection.Latest.Revision;
        var result = await _collection.WriteAsync(Create(name));
        Assert.Equal((WriteOutcome.Committed, revision + 1), (result.Outcome, result.Object?.Revision));
        Assert.Equal(Enumerable.Range(1, (int)(revision + 1 - _from)).Select(i => _from + i), _recorder.Revisions);
        Assert.Equal(0, _recorder.Resets);
    }
}
