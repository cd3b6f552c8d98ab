namespace ActorOrch.Reconciling;

/// <summary>The highest revision of each collection that the next run must have seen. Safe for parallel writers.</summary>
internal sealed class RevisionMarks
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _marks = [];

    public void Raise(string collection, long revision)
    {
        lock (_gate)
        {
            if (!_marks.TryGetValue(collection, out var mark) || mark < revision) _marks[collection] = revision;
        }
    }

    /// <summary>What is still to be seen.</summary>
    public KeyValuePair<string, long>[] Outstanding()
    {
        lock (_gate) return _marks.Count == 0 ? [] : [.. _marks];
    }

    public void Reached(string collection, long revision)
    {
        lock (_gate)
        {
            if (_marks.TryGetValue(collection, out var mark) && mark <= revision) _marks.Remove(collection);
        }
    }
}
