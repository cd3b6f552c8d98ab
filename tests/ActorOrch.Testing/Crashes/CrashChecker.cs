namespace ActorOrch.Testing.Crashes;

/// <summary>Holds what clients saw of a crash against what the registry promises. Pure.</summary>
public static class CrashChecker
{
    /// <returns>A sentence for each promise that was broken; empty where all were kept.</returns>
    public static IReadOnlyList<string> Check(CrashRound round) =>
        [.. Order(round), .. Acknowledged(round), .. Explained(round), .. Watchers(round), .. Listed(round)];

    private static IEnumerable<string> Order(CrashRound round)
    {
        var last = round.From;
        foreach (var change in round.History)
        {
            if (change.Revision <= last) yield return $"{change} comes after revision {last}";
            last = change.Revision;
        }
        if (round.ListRevision < round.HighestSeen) yield return $"revision {round.HighestSeen} had been seen, and after the crash the list is at {round.ListRevision}";
    }

    private static IEnumerable<string> Acknowledged(CrashRound round)
    {
        var byRevision = round.History.ToLookup(c => c.Revision);
        var byWhat = round.History.ToLookup(c => (c.Type, c.Name, c.Value));
        foreach (var attempt in round.Attempts.Where(a => a.Outcome == AttemptOutcome.Acknowledged))
        {
            var found = attempt.Revision is { } revision ? byRevision[revision] : byWhat[(attempt.Type, attempt.Name, attempt.Value)];
            var kept = found.Count() == 1 && found.First() is var change && (change.Type, change.Name, change.Value) == (attempt.Type, attempt.Name, attempt.Value);
            if (!kept) yield return $"{attempt} is not in the history once; there is {Join(found)}";
        }
    }

    /// <summary>Every change was asked for, and happened once.</summary>
    private static IEnumerable<string> Explained(CrashRound round)
    {
        var asked = round.Attempts.ToDictionary(a => (a.Type, a.Name, a.Value));
        foreach (var happened in round.History.GroupBy(c => (c.Type, c.Name, c.Value)))
        {
            if (!asked.TryGetValue(happened.Key, out var attempt)) yield return $"nobody asked for {Join(happened)}";
            else if (attempt.Outcome == AttemptOutcome.Refused) yield return $"{attempt} happened all the same: {Join(happened)}";
            else if (happened.Count() > 1) yield return $"{attempt} happened more than once: {Join(happened)}";
        }
    }

    private static IEnumerable<string> Watchers(CrashRound round)
    {
        for (var watcher = 0; watcher < round.Watchers.Count; watcher++)
        {
            var seen = round.Watchers[watcher];
            var same = 0;
            while (same < seen.Count && same < round.History.Count && seen[same] == round.History[same]) same++;
            if (same < seen.Count || same < round.History.Count)
                yield return $"watcher {watcher} saw {At(seen, same)} where the history has {At(round.History, same)} (change {same} of {round.History.Count})";
        }
    }

    private static IEnumerable<string> Listed(CrashRound round)
    {
        var expected = round.ListedBefore.ToDictionary();
        foreach (var change in round.History)
        {
            if (change.Type == "DELETED") expected.Remove(change.Name);
            else expected[change.Name] = (change.Revision, change.Value);
        }
        foreach (var name in expected.Keys.Union(round.Listed.Keys))
        {
            var wanted = expected.TryGetValue(name, out var e) ? $"{e}" : "nothing";
            var found = round.Listed.TryGetValue(name, out var f) ? $"{f}" : "nothing";
            if (wanted != found) yield return $"the list has {found} as {name}, the history leads to {wanted}";
        }
    }

    private static string At(IReadOnlyList<SeenChange> changes, int index) => index < changes.Count ? $"{changes[index]}" : "nothing";

    private static string Join(IEnumerable<SeenChange> changes) => changes.Any() ? string.Join(", ", changes) : "nothing";
}
