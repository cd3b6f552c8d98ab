using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.CustomKinds;

/// <summary>The subresources of a version of a custom kind.</summary>
internal static class CustomSubresources
{
    public static IReadOnlyList<string> Read(Field subresources)
    {
        var all = new List<string>();
        if (subresources["status"].Exists) all.Add("status");
        return all;
    }
}
