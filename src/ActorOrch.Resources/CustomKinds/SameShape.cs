using System.Text.Json.Nodes;
using ActorOrch.Resources.Versions;

namespace ActorOrch.Resources.CustomKinds;

/// <summary>Between versions that differ in their name alone (<c>conversion.strategy: None</c>).</summary>
internal sealed class SameShape : IVersionConversion
{
    public static readonly SameShape Instance = new();

    private SameShape()
    {
    }

    public void ToStorage(JsonObject document)
    {
    }

    public void FromStorage(JsonObject document)
    {
    }
}
