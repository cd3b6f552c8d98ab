using ActorOrch.Testing.Crashes;

namespace ActorOrch.Registry.Tests.Crashes;

/// <summary>The checker finds each promise that is broken: without that, its silence would prove nothing.</summary>
public sealed class CrashCheckerTests
{
    private static readonly SeenChange A = new(11, "ADDED", "a", "a-0"), A1 = new(12, "MODIFIED", "a", "a-1"), B = new(14, "ADDED", "b", "b-0"), GoneB = new(15, "DELETED", "b", "b-0");

    private static readonly CrashRound Kept = new()
    {
        From = 10,
        HighestSeen = 15,
        Attempts =
        [
            Acknowledged(A), Acknowledged(A1), new("ADDED", "b", "b-0", AttemptOutcome.Unknown), new("DELETED", "b", "b-0", AttemptOutcome.Acknowledged),
            new("ADDED", "c", "c-0", AttemptOutcome.Unknown), new("MODIFIED", "a", "a-2", AttemptOutcome.Refused),
        ],
        History = [A, A1, B, GoneB],
        Watchers = [[A, A1, B, GoneB], [A, A1, B, GoneB]],
        ListedBefore = new Dictionary<string, (long, string)> { ["old"] = (3, "x") },
        Listed = new Dictionary<string, (long, string)> { ["old"] = (3, "x"), ["a"] = (12, "a-1") },
        ListRevision = 15,
    };

    private static Attempt Acknowledged(SeenChange change) => new(change.Type, change.Name, change.Value, AttemptOutcome.Acknowledged, change.Revision);

    [Fact]
    public void It_is_silent_where_every_promise_was_kept() => Assert.Empty(CrashChecker.Check(Kept));

    public static TheoryData<string, CrashRound> Broken => new()
    {
        { "is not in the history once", Kept with { Attempts = [.. Kept.Attempts, Acknowledged(new(13, "ADDED", "lost", "lost-0"))] } },
        { "is not in the history once", Kept with { Attempts = [.. Kept.Attempts, new("DELETED", "a", "a-1", AttemptOutcome.Acknowledged)] } },
        { "happened more than once", Kept with { History = [A, A1, B, GoneB, new(16, "ADDED", "c", "c-0"), new(17, "ADDED", "c", "c-0")] } },
        { "happened all the same", Kept with { History = [A, A1, B, GoneB, new(16, "MODIFIED", "a", "a-2")] } },
        { "nobody asked for", Kept with { History = [A, A1, B, GoneB, new(16, "ADDED", "strange", "")] } },
        { "comes after revision 12", Kept with { History = [A, A1, new(12, "ADDED", "b", "b-0"), GoneB] } },
        { "comes after revision 10", Kept with { History = [A with { Revision = 10 }, A1, B, GoneB] } },
        { "revision 16 had been seen", Kept with { HighestSeen = 16 } },
        { "watcher 1 saw nothing where the history has", Kept with { Watchers = [Kept.Watchers[0], [A, A1, B]] } },
        { "watcher 0 saw", Kept with { Watchers = [[A, B, GoneB], Kept.Watchers[1]] } },
        { "watcher 0 saw", Kept with { Watchers = [[A, A1, A1, B, GoneB], Kept.Watchers[1]] } },
        { "the list has nothing as a", Kept with { Listed = new Dictionary<string, (long, string)> { ["old"] = (3, "x") } } },
        { "the list has (15, b-0) as b", Kept with { Listed = new Dictionary<string, (long, string)> { ["old"] = (3, "x"), ["a"] = (12, "a-1"), ["b"] = (15, "b-0") } } },
    };

    [Theory]
    [MemberData(nameof(Broken), DisableDiscoveryEnumeration = true)]
    public void It_names_what_was_broken(string complaint, CrashRound round) =>
        Assert.Contains(CrashChecker.Check(round), b => b.Contains(complaint, StringComparison.Ordinal));
}
