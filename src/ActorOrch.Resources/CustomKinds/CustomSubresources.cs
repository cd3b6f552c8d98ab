using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.CustomKinds;

/// <summary>The subresources of a version of a custom kind.</summary>
internal static class CustomSubresources
{
    public static IReadOnlyList<Subresource> Read(Field subresources)
    {
        var all = new List<Subresource>();
        if (subresources["status"].Exists) all.Add(StatusPart.Instance);
        if (subresources["scale"] is { Exists: true } scale)
            all.Add(new Scale(
                Path(scale["specReplicasPath"], ".spec"), Path(scale["statusReplicasPath"], ".status"), scale["labelSelectorPath"] is { Text.Length: > 0 } selector ? Path(selector, ".spec", ".status") : null));
        return all;
    }

    private static string Path(Field field, params string[] roots)
    {
        var path = field.Text;
        if (path.Length == 0) throw new FormatException($"{field.Path}: Required value");
        if (!Scale.IsPath(path) || !roots.Any(r => path.StartsWith($"{r}.", StringComparison.Ordinal)))
            throw new FormatException($"{field.Path}: Invalid value: \"{path}\": should be a json path under {string.Join(" or ", roots)}");
        return path;
    }
}
