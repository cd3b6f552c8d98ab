namespace ActorOrch.Agent.Pods.Statuses;

/// <summary><c>status.phase</c>, as the kubelet's <c>getPhase</c> computes it.</summary>
internal static class PodPhases
{
    public const string Pending = "Pending";
    public const string Running = "Running";
    public const string Succeeded = "Succeeded";
    public const string Failed = "Failed";

    public static string Of(PodSituation pod)
    {
        if (pod.Rejected is not null) return Failed;
        var initPending = false;
        foreach (var container in pod.Containers)
        {
            if (container.Kind == ContainerKind.Main) continue;
            if (container.Kind == ContainerKind.Sidecar)
            {
                initPending |= !container.Started && container.Current is null;
                continue;
            }
            if (container is { Current.End.ExitCode: not 0 } && pod.RestartPolicy == RestartPolicy.Never) return Failed;
            initPending |= !container.Succeeded;
        }
        int waiting = 0, running = 0, stopped = 0, succeeded = 0;
        foreach (var container in pod.Containers)
        {
            if (container.Kind != ContainerKind.Main) continue;
            if (container.Running) running++;
            else if (container.Current is { End: { } end })
            {
                stopped++;
                if (end.ExitCode == 0) succeeded++;
            }
            else if (container.Last is not null) stopped++;
            else waiting++;
        }
        if (initPending && running == 0 && stopped == 0) return Pending;
        if (waiting > 0) return Pending;
        if (running > 0) return Running;
        if (stopped == 0) return Pending;
        if (pod.RestartPolicy == RestartPolicy.Always) return Running;
        if (stopped == succeeded) return Succeeded;
        return pod.RestartPolicy == RestartPolicy.Never ? Failed : Running;
    }
}
