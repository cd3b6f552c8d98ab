using k8s.Models;

namespace ActorOrch.Agent.Pods.Isolation;

/// <summary>Which AppArmor profile a container asks for: by its own field, its pod's, or the annotation that was before the fields.</summary>
internal static class AppArmor
{
    private const string Annotation = "container.apparmor.security.beta.kubernetes.io/";
    private const string Unconfined = "unconfined";
    private const string RuntimeDefault = "runtime/default";
    private const string Localhost = "localhost/";

    /// <summary>Whether a container of the pod is to be confined.</summary>
    public static bool IsRequired(V1Pod pod) =>
        pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).Any(c => Asked(pod, c) is not (null or Unconfined));

    /// <summary>What the engine is told: a profile's name, <c>unconfined</c>, or null for its default.</summary>
    public static string? Profile(V1Pod pod, V1Container container) => Asked(pod, container) switch
    {
        null or RuntimeDefault => null,
        var asked when asked.StartsWith(Localhost, StringComparison.Ordinal) => asked[Localhost.Length..],
        var asked => asked,
    };

    /// <summary>In the annotation's words.</summary>
    private static string? Asked(V1Pod pod, V1Container container)
    {
        if ((container.SecurityContext?.AppArmorProfile ?? pod.Spec.SecurityContext?.AppArmorProfile) is { } field)
            return field.Type switch
            {
                "Localhost" => Localhost + field.LocalhostProfile,
                "Unconfined" => Unconfined,
                _ => RuntimeDefault,
            };
        return pod.Metadata.Annotations is { } annotations && annotations.TryGetValue(Annotation + container.Name, out var asked) && asked.Length > 0 ? asked : null;
    }
}
