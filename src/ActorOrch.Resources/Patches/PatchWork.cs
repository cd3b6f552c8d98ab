using System.Text.Json.Nodes;
using ActorOrch.Resources.Decoding;

namespace ActorOrch.Resources.Patches;

/// <summary>
/// What the operations of one patch may cost together. Each may take a line and yet move, copy or look through all of a large document, and
/// a patch has thousands.
/// </summary>
internal sealed class PatchWork
{
    // A second of one core at most; no patch of any use comes near.
    private const long Most = 10_000_000;

    // Elements of a list move up sixteen to a step: they lie side by side.
    private const int ElementsAStep = 16;

    private const int MostCopiedCharacters = 3 * 1024 * 1024;

    private long _steps;
    private int _copied;

    /// <summary>An element is put into a list or taken out of it.</summary>
    public void Shift(JsonArray list) => Spend(list.Count / ElementsAStep + 1);

    /// <summary>A field is taken out of an object.</summary>
    public void Shift(JsonObject map) => Spend(map.Count);

    /// <summary>Whether a value may stand at <paramref name="depth"/>.</summary>
    public bool Fits(JsonNode? value, int depth)
    {
        var fits = JsonTree.Fits(value, depth, out var nodes);
        Spend(nodes);
        return fits;
    }

    /// <summary>A copy of a value of the document; false where all copies together are too large: a copy of a copy of a copy doubles each time.</summary>
    public bool TryCopy(JsonNode? value, out JsonNode? copy)
    {
        copy = null;
        _copied += value?.ToJsonString().Length ?? 0;
        if (_copied > MostCopiedCharacters) return false;
        copy = value?.DeepClone();
        return true;
    }

    private void Spend(long steps)
    {
        _steps += steps;
        if (_steps > Most) throw PatchErrors.TooLarge($"The operations of the patch move or copy too much: limit is {Most} values");
    }
}
