namespace ActorOrch.Testing.Crashes;

public enum AttemptOutcome
{
    Acknowledged,

    /// <summary>Told that it did not happen.</summary>
    Refused,

    /// <summary>The answer never came, or was that nothing is promised.</summary>
    Unknown,
}

/// <summary>A write that a client asked for. A name is created once in a run and a value written once, so that its change can be told apart from all others.</summary>
/// <param name="Type">As a watch tells it: ADDED, MODIFIED, DELETED.</param>
/// <param name="Value">Of a deletion: what was deleted.</param>
/// <param name="Revision">Of the acknowledgement, where it told one: that of a deletion does not.</param>
public sealed record Attempt(string Type, string Name, string Value, AttemptOutcome Outcome, long? Revision = null);

/// <summary>A change as a watch tells it.</summary>
public readonly record struct SeenChange(long Revision, string Type, string Name, string Value);

/// <summary>Everything that clients did and saw from one kill to the next.</summary>
public sealed record CrashRound
{
    /// <summary>The revision from which the round's history is counted.</summary>
    public required long From { get; init; }

    /// <summary>The highest revision that anyone had seen when the process was killed.</summary>
    public required long HighestSeen { get; init; }

    public required IReadOnlyList<Attempt> Attempts { get; init; }

    /// <summary>The changes after <see cref="From"/>, as one watch after the restart tells them from first to last.</summary>
    public required IReadOnlyList<SeenChange> History { get; init; }

    /// <summary>What each watcher, resumed after the kill from the last revision it knew, has seen of the same stretch.</summary>
    public required IReadOnlyList<IReadOnlyList<SeenChange>> Watchers { get; init; }

    /// <summary>A list after the restart: name to revision and value.</summary>
    public required IReadOnlyDictionary<string, (long Revision, string Value)> Listed { get; init; }

    public required long ListRevision { get; init; }

    /// <summary>What a list told before the round.</summary>
    public required IReadOnlyDictionary<string, (long Revision, string Value)> ListedBefore { get; init; }
}
