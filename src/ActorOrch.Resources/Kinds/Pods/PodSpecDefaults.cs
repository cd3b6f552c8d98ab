using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>The defaults of <c>core/v1 PodSpec</c>, for pods and for pod templates.</summary>
public static class PodSpecDefaults
{
    private const long DefaultGraceSeconds = 30;

    public static void Apply(JsonObject spec)
    {
        spec.Default("restartPolicy", "Always");
        spec.Default("terminationGracePeriodSeconds", DefaultGraceSeconds);
        spec.Default("dnsPolicy", "ClusterFirst");
        MirrorServiceAccount(spec);
        spec.Child("securityContext");
        spec.Default("schedulerName", "default-scheduler");
        spec.Default("enableServiceLinks", true);
        foreach (var volume in spec.Objects("volumes")) VolumeDefaults.Apply(volume);
        foreach (var list in ContainerLists)
            foreach (var container in spec.Objects(list)) ContainerDefaults.Apply(container);
        if (spec.Find("overhead") is { } overhead) ResourceDefaults.Canonicalize(overhead);
    }

    /// <summary>What only a pod gets, not a template: host ports of the host's network, requests as large as the limits.</summary>
    public static void ApplyToPod(JsonObject spec)
    {
        foreach (var list in ContainerLists)
            foreach (var container in spec.Objects(list))
            {
                if (list != "ephemeralContainers") ResourceDefaults.RequestsFromLimits(container);
                if (!spec.Flag("hostNetwork")) continue;
                foreach (var port in container.Objects("ports"))
                    if (port.Integer("containerPort") is { } number) port.DefaultNonZero("hostPort", number);
            }
    }

    internal static readonly string[] ContainerLists = ["initContainers", "containers", "ephemeralContainers"];

    // serviceAccount is the deprecated name of serviceAccountName; readers of either find it.
    private static void MirrorServiceAccount(JsonObject spec)
    {
        var name = spec.Text("serviceAccountName");
        if (name.Length == 0) name = spec.Text("serviceAccount");
        if (name.Length == 0) return;
        spec["serviceAccountName"] = name;
        spec["serviceAccount"] = name;
    }
}
