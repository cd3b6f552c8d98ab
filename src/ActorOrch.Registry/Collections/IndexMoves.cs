namespace ActorOrch.Registry.Collections;

/// <summary>The values of an index that appeared with a commit, as the first object that has them came, and those that went with the last.</summary>
internal sealed record IndexMoves(IReadOnlyList<string> Appeared, IReadOnlyList<string> Vanished)
{
    public static readonly IndexMoves None = new([], []);
}
