using Akka.Configuration.Hocon;

namespace ActorOrch.Registry.Clustering;

/// <summary>Finds substitutions that stand for themselves: reading one of them would never end. Pure.</summary>
internal static class HoconCircles
{
    /// <summary>The path that the first leads to; null where there is none.</summary>
    public static string? First(HoconValue root) => First(root, new(ReferenceEqualityComparer.Instance), []);

    private static string? First(HoconValue value, HashSet<object> above, HashSet<object> done)
    {
        if (done.Contains(value) || !above.Add(value)) return null;
        foreach (var element in value.Values)
        {
            if (element is HoconSubstitution { ResolvedValue: { } resolved } substitution)
            {
                if (above.Contains(resolved)) return substitution.Path;
                if (First(resolved, above, done) is { } found) return found;
            }
            foreach (var child in Children(element))
                if (First(child, above, done) is { } found) return found;
        }
        above.Remove(value);
        done.Add(value);
        return null;
    }

    private static IEnumerable<HoconValue> Children(IHoconElement element) => element switch
    {
        HoconObject members => members.Items.Values,
        HoconArray items => items,
        _ => [],
    };
}
