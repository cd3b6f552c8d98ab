using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>All containers of a pod's spec, of whichever list.</summary>
internal static class PodContainers
{
    public static IEnumerable<Field> Of(Field spec)
    {
        foreach (var list in PodSpecDefaults.ContainerLists)
            foreach (var container in spec[list].Items) yield return container;
    }
}
