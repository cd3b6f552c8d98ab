using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>What a writer of a pod spec should know although it is accepted.</summary>
internal static class PodWarnings
{
    private static readonly Dictionary<string, (string Since, string Instead)> DeprecatedNodeLabels = new()
    {
        ["beta.kubernetes.io/arch"] = ("v1.14", "kubernetes.io/arch"),
        ["beta.kubernetes.io/os"] = ("v1.14", "kubernetes.io/os"),
        ["failure-domain.beta.kubernetes.io/region"] = ("v1.17", "topology.kubernetes.io/region"),
        ["failure-domain.beta.kubernetes.io/zone"] = ("v1.17", "topology.kubernetes.io/zone"),
        ["beta.kubernetes.io/instance-type"] = ("v1.17", "node.kubernetes.io/instance-type"),
    };

    /// <param name="pod">A pod, or a template of pods.</param>
    public static IEnumerable<string> OfPod(Field pod) => PodSupport.AnnotationWarnings(pod["metadata"]["annotations"]).Concat(Of(pod["spec"]));

    /// <summary>What the writer of a template should know, too: which of its pods will be refused.</summary>
    public static IEnumerable<string> OfTemplate(Field template) => OfPod(template).Concat(PodSupport.TemplateWarnings(template["spec"]));

    private static IEnumerable<string> Of(Field spec)
    {
        foreach (var (key, value) in spec["nodeSelector"].Entries)
            if (DeprecatedNodeLabels.TryGetValue(key, out var label))
                yield return $"{value.Path}: deprecated since {label.Since}; use \"{label.Instead}\" instead";
        foreach (var list in (string[])["initContainers", "containers"])
            foreach (var container in spec[list].Items)
            {
                foreach (var warning in HiddenVariables(container["env"])) yield return warning;
                foreach (var warning in RepeatedPorts(container["ports"])) yield return warning;
            }
        if (spec["terminationGracePeriodSeconds"].Integer < 0)
            yield return $"{spec["terminationGracePeriodSeconds"].Path}: must be >= 0; negative values are invalid and will be treated as 1";
        foreach (var warning in PodSupport.Warnings(spec)) yield return warning;
    }

    private static IEnumerable<string> HiddenVariables(Field variables)
    {
        var seen = new HashSet<string>();
        foreach (var variable in variables.Items)
            if (!seen.Add(variable["name"].Text))
                yield return $"{variable.Path}: hides previous definition of \"{variable["name"].Text}\", which may be dropped when using apply";
    }

    private static IEnumerable<string> RepeatedPorts(Field ports)
    {
        var seen = new Dictionary<(long?, string, string, long?), string>();
        foreach (var port in ports.Items)
        {
            var key = (port["containerPort"].Integer, port["protocol"].Text, port["hostIP"].Text, port["hostPort"].Integer);
            if (!seen.TryAdd(key, port.Path)) yield return $"{port.Path}: duplicate port definition with {seen[key]}";
        }
    }
}
