using ActorOrch.Gateway.Routing;

namespace ActorOrch.Gateway.Access;

/// <summary>What members of a group may do: to resources, or at paths that are none.</summary>
/// <param name="Verbs"><c>*</c> for all.</param>
internal sealed record AccessRule(IReadOnlyList<string> Verbs)
{
    private const string All = "*";

    public IReadOnlyList<string> ApiGroups { get; init; } = [];

    /// <summary>Plurals, with <c>/</c> and the subresource where it is about one.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>A <c>*</c> at the end stands for whatever follows.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    public bool Allows(in RequestInfo info) => Has(Verbs, info.Verb) && (info.IsResource ? AllowsResource(info) : AllowsPath(info.Path));

    private bool AllowsResource(in RequestInfo info) =>
        Has(ApiGroups, info.Group) && Has(Resources, info.Subresource.Length == 0 ? info.Resource : $"{info.Resource}/{info.Subresource}");

    private bool AllowsPath(string path)
    {
        foreach (var allowed in Paths)
            if (allowed == path || (allowed.EndsWith('*') && path.StartsWith(allowed[..^1], StringComparison.Ordinal))) return true;
        return false;
    }

    private static bool Has(IReadOnlyList<string> allowed, string wanted)
    {
        foreach (var one in allowed)
            if (one == All || one == wanted) return true;
        return false;
    }
}
