using ActorOrch.Contracts.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Nodes.Statuses;

/// <summary>What became of reported statuses.</summary>
/// <param name="Stored">To be acknowledged: stored, nothing new, or of pods that no longer exist.</param>
/// <param name="Versions">The versions that were written: uid, revision before and after.</param>
/// <param name="TooLarge">Of pods that may not grow so large; sent again they would be refused again, so they count as stored, too.</param>
internal sealed record StatusesWritten(
    IReadOnlyList<(string Uid, long Sequence)> Stored, IReadOnlyList<(string Uid, long Before, long After)> Versions, IReadOnlyList<string> TooLarge);

/// <summary>Stores reported statuses, a batch in one write, and removes the pods of which nothing is left.</summary>
internal sealed class PodStatusWriter(IObjectApi api, TimeProvider time)
{
    private const int MostRounds = 20;

    private readonly ICollection _pods = api.Registry[BuiltIn.Pods];

    /// <summary>What is not in the answer could not be stored; the agent sends it again.</summary>
    internal async Task<StatusesWritten> StoreAsync(IReadOnlyList<PodStatusReport> reports, CancellationToken cancel)
    {
        var stored = new List<(string, long)>(reports.Count);
        var versions = new List<(string, long, long)>(reports.Count);
        var tooLarge = new List<string>();
        var work = await FindAsync(reports, stored, cancel);
        for (var round = 0; work.Count > 0 && round < MostRounds; round++)
        {
            var now = time.GetUtcNow();
            var writes = new List<Write>(work.Count);
            var written = new List<(StoredObject Pod, PodStatusReport Report)>(work.Count);
            foreach (var (pod, report) in work)
            {
                if (await WriteOfAsync(pod, report, now, cancel) is { } write)
                {
                    writes.Add(write);
                    written.Add((pod, report));
                }
                else
                {
                    stored.Add((report.Uid, report.Sequence));
                }
            }
            if (writes.Count == 0) break;
            work = Sort(written, await _pods.WriteAsync(writes, cancel), stored, versions, tooLarge);
        }
        return new(stored, versions, tooLarge);
    }

    /// <summary>The pods of the reports; those that no longer exist, or another pod of the name, need no storing.</summary>
    private async Task<List<(StoredObject Pod, PodStatusReport Report)>> FindAsync(
        IReadOnlyList<PodStatusReport> reports, List<(string, long)> stored, CancellationToken cancel)
    {
        var snapshot = _pods.Latest;
        // "Gone" must not be said by a mirror that is behind.
        if (reports.Any(r => snapshot.Get(new(r.Namespace, r.Name))?.Uid != r.Uid)) snapshot = await _pods.ReadConsistentAsync(cancel);
        var found = new List<(StoredObject, PodStatusReport)>(reports.Count);
        foreach (var report in reports)
            if (snapshot.Get(new(report.Namespace, report.Name)) is { } pod && pod.Uid == report.Uid) found.Add((pod, report));
            else stored.Add((report.Uid, report.Sequence));
        return found;
    }

    private async Task<Write?> WriteOfAsync(StoredObject pod, PodStatusReport report, DateTimeOffset now, CancellationToken cancel)
    {
        var draft = PodStatusMerge.Merge(pod, report, now);
        var mayGo = report.Terminated && pod.Meta.DeletionTimestamp is not null;
        if (mayGo && pod.Meta.Finalizers.Count == 0) return new Write.Remove(pod.Key, pod.Revision, draft);
        if (draft is not null) return new Write.Replace(draft, pod.Revision);
        // The status is stored; a pod with finalizers is removed with the last of them.
        if (mayGo && pod.Meta.DeletionGracePeriodSeconds > 0)
            await api.DeleteAsync(BuiltIn.Pods, pod.Key, new() { GracePeriodSeconds = 0, PreconditionUid = pod.Uid }, WriteOptions.Default, cancel);
        return null;
    }

    private static List<(StoredObject Pod, PodStatusReport Report)> Sort(
        IReadOnlyList<(StoredObject Pod, PodStatusReport Report)> written, IReadOnlyList<WriteResult> results,
        List<(string, long)> stored, List<(string, long, long)> versions, List<string> tooLarge)
    {
        var again = new List<(StoredObject, PodStatusReport)>();
        for (var i = 0; i < results.Count; i++)
        {
            var (pod, report) = written[i];
            switch (results[i])
            {
                case { Outcome: WriteOutcome.Committed, Object: { } current }:
                    versions.Add((report.Uid, pod.Revision, current.Revision));
                    // Held by finalizers: once more round, for the deletion.
                    if (report.Terminated && pod.Meta.Finalizers.Count > 0) again.Add((current, report));
                    else stored.Add((report.Uid, report.Sequence));
                    break;
                case { Outcome: WriteOutcome.Conflict, Object: { } current } when current.Uid == report.Uid:
                    again.Add((current, report));
                    break;
                case { Outcome: WriteOutcome.Unavailable }:
                    break;
                default:
                    if (results[i].Outcome == WriteOutcome.TooLarge) tooLarge.Add(results[i].Detail ?? $"pod {pod.Key}");
                    stored.Add((report.Uid, report.Sequence));
                    break;
            }
        }
        return again;
    }
}
