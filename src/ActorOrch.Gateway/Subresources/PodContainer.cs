using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Subresources;

/// <summary>Decides which container is meant when a pod has several.</summary>
internal static class PodContainer
{
    /// <summary>Throws 400 where the name is missing and not obvious, or is none of the pod's.</summary>
    public static string Choose(string pod, Field spec, string wanted)
    {
        var containers = Names(spec["containers"]);
        var init = Names(spec["initContainers"]);
        if (wanted.Length > 0)
        {
            if (containers.Contains(wanted) || init.Contains(wanted) || Names(spec["ephemeralContainers"]).Contains(wanted)) return wanted;
            throw ApiException.BadRequest($"container {wanted} is not valid for pod {pod}");
        }
        switch (containers)
        {
            case [var only]:
                return only;
            case []:
                throw ApiException.BadRequest($"a container name must be specified for pod {pod}");
            default:
                var message = $"a container name must be specified for pod {pod}, choose one of: [{string.Join(" ", containers)}]";
                if (init.Length > 0) message += $" or one of the init containers: [{string.Join(" ", init)}]";
                throw ApiException.BadRequest(message);
        }
    }

    private static string[] Names(Field containers) => [.. containers.Items.Select(c => c["name"].Text)];
}
