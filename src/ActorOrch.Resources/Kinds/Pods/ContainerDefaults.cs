using System.Text.Json.Nodes;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>The defaults of <c>core/v1 Container</c>: pull policy, ports, environment, probes, hooks.</summary>
internal static class ContainerDefaults
{
    public static void Apply(JsonObject container)
    {
        foreach (var port in container.Objects("ports")) port.Default("protocol", "TCP");
        foreach (var variable in container.Objects("env"))
            if (variable.Find("valueFrom") is { } source) DownwardReference(source);
        ResourceDefaults.Apply(container.Child("resources"));
        foreach (var probe in Probes)
            if (container.Find(probe) is { } found) ProbeDefaults(found);
        if (container.Find("lifecycle") is { } lifecycle)
            foreach (var hook in Hooks)
                if (lifecycle.Find(hook)?.Find("httpGet") is { } get) HttpGetDefaults(get);
        container.Default("terminationMessagePath", "/dev/termination-log");
        container.Default("terminationMessagePolicy", "File");
        container.Default("imagePullPolicy", PullPolicy(container.Text("image")));
    }

    internal static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];
    internal static readonly string[] Hooks = ["postStart", "preStop"];

    /// <summary>What an env variable or a file of a downwardAPI volume takes its value from.</summary>
    internal static void DownwardReference(JsonObject source)
    {
        source.Find("fieldRef")?.Default("apiVersion", "v1");
        source.Find("resourceFieldRef")?.Default("divisor", "0");
    }

    private static void ProbeDefaults(JsonObject probe)
    {
        if (probe.Find("httpGet") is { } get) HttpGetDefaults(get);
        probe.Find("grpc")?.Default("service", "");
        probe.DefaultNonZero("timeoutSeconds", 1);
        probe.DefaultNonZero("periodSeconds", 10);
        probe.DefaultNonZero("successThreshold", 1);
        probe.DefaultNonZero("failureThreshold", 3);
    }

    private static void HttpGetDefaults(JsonObject get)
    {
        get.Default("path", "/");
        get.Default("scheme", "HTTP");
    }

    // The tag follows the last colon behind the last slash; a digest names one image, whatever the tag.
    private static string PullPolicy(string image)
    {
        if (image.Contains('@')) return "IfNotPresent";
        var colon = image.IndexOf(':', image.LastIndexOf('/') + 1);
        return colon < 0 || image.AsSpan(colon + 1) is "latest" ? "Always" : "IfNotPresent";
    }
}
