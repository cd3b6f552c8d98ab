using System.Text.RegularExpressions;

namespace ActorOrch.Resources.Schemas;

/// <summary>The name that upstream's Go source has for a model class: <c>V1PodSpec</c> is <c>PodSpec</c> of a package <c>v1</c>.</summary>
internal readonly partial record struct GoName(string Package, string Name)
{
    /// <summary>As Go prints the type: <c>v1.PodSpec</c>.</summary>
    public override string ToString() => $"{Package}.{Name}";

    /// <summary>Takes a class of the KubernetesClient models: a version, before it a group where names would clash, then the name.</summary>
    public static GoName Of(Type model)
    {
        var match = Pattern().Match(model.Name);
        return match.Success
            ? new(match.Groups["version"].Value.ToLowerInvariant(), match.Groups["name"].Value)
            : new("v1", model.Name);
    }

    [GeneratedRegex(@"\A(?:[A-Z][a-z0-9]*)??(?<version>[Vv]\d+(?:(?:alpha|beta)\d+)?)(?<name>[A-Z].*)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
