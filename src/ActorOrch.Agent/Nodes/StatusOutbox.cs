using ActorOrch.Agent.Pods;
using ActorOrch.Contracts.Nodes;

namespace ActorOrch.Agent.Nodes;

/// <summary>Statuses on their way to the control plane: the newest of each pod, kept until it is acknowledged. Not thread-safe.</summary>
internal sealed class StatusOutbox(TimeProvider time)
{
    private readonly Dictionary<string, (PodStatusReport Report, DateTimeOffset? SentAt)> _reports = [];
    private long _sequence;

    public int Count => _reports.Count;

    public void Put(PodReported reported)
    {
        // Rises over restarts of the agent too.
        _sequence = Math.Max(_sequence + 1, time.GetUtcNow().UtcTicks);
        _reports[reported.Uid] = (new(reported.Namespace, reported.Name, reported.Uid, reported.StatusJson, _sequence, reported.Terminated), null);
    }

    /// <summary>What was never sent, or was sent before <paramref name="sentBefore"/> and not acknowledged since.</summary>
    public IReadOnlyList<PodStatusReport> TakeDue(DateTimeOffset sentBefore)
    {
        var due = new List<PodStatusReport>();
        foreach (var (report, sentAt) in _reports.Values) if (sentAt is null || sentAt <= sentBefore) due.Add(report);
        var now = time.GetUtcNow();
        foreach (var report in due) _reports[report.Uid] = (report, now);
        return due;
    }

    public void Stored(IReadOnlyList<(string Uid, long Sequence)> stored)
    {
        foreach (var (uid, sequence) in stored)
            if (_reports.TryGetValue(uid, out var waiting) && waiting.Report.Sequence <= sequence) _reports.Remove(uid);
    }

    public void Forget(string uid) => _reports.Remove(uid);
}
