using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Timing;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Containers;

/// <summary><c>lifecycle.postStart</c> and <c>preStop</c>.</summary>
internal sealed class Hooks(PodEnvironment environment)
{
    /// <summary>Hooks have no timeout of their own; the pod's grace period cuts preStop.</summary>
    private static readonly TimeSpan NoTimeout = Durations.Longest;

    /// <summary>Null where it succeeded, else why not, in upstream's words.</summary>
    public async Task<string?> RunAsync(V1LifecycleHandler hook, V1Pod pod, V1Container container, string containerId, IReadOnlyList<string> podAddresses, CancellationToken cancel)
    {
        if (hook.Sleep is { } sleep)
        {
            await environment.Time.WaitAsync(Durations.OfSeconds(sleep.Seconds), cancel).ConfigureAwait(false);
            return null;
        }
        if (hook.Exec is { } exec)
        {
            var result = await environment.Prober.ExecAsync(exec, containerId, NoTimeout, cancel).ConfigureAwait(false);
            return result.Success ? null : Failed($"Exec lifecycle hook ([{string.Join(' ', exec.Command ?? [])}])", result.Why ?? result.Output, result.Output);
        }
        if (hook.HttpGet is { } http)
        {
            var result = await environment.Prober.HttpAsync(http, container, podAddresses.FirstOrDefault() ?? "", NoTimeout, cancel).ConfigureAwait(false);
            // Any answer will do: upstream looks at the connection alone.
            return result.Success || result.Output.StartsWith("HTTP probe", StringComparison.Ordinal) ? null : Failed($"HTTP lifecycle hook ({http.Path})", result.Output, "");
        }
        return "invalid handler: missing exec, httpGet and sleep";

        string Failed(string what, string why, string output) =>
            $"{what} for Container \"{container.Name}\" in Pod \"{pod.Metadata.Name}_{pod.Metadata.NamespaceProperty}({pod.Metadata.Uid})\" failed - error: {why}, message: \"{output}\"";
    }
}
