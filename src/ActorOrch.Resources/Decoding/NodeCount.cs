using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Decoding;

/// <summary>
/// How many values documents of one request may have. A value costs a hundred bytes and more in memory, however few it takes in the text:
/// three megabytes of <c>[],[],[]</c> would become more than a hundred.
/// </summary>
internal sealed class NodeCount
{
    public const int Most = 200_000;

    private int _nodes;

    /// <summary>Counts one more. Throws 413 past the limit.</summary>
    public void Add()
    {
        if (++_nodes > Most) throw ApiException.TooLarge($"limit is {Most} values");
    }
}
