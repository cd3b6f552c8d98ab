namespace ActorOrch.Agent.Pods.Statuses;

/// <summary><c>status.phase</c>, as the kubelet's <c>getPhase</c> computes it.</summary>
internal static class PodPhases
{
    public const string Pending = "Pending";
    public const string Running = "Running";
    public const string Succeeded = "Succeeded";
    public const string Failed = "Failed";

    /// <summary>What a pod does not come back from.</summary>
    public static bool IsLast(string? phase) => phase is Succeeded or Failed;

    /// <summary>Never a last phase while a container runs, be it a sidecar that has only to be stopped: what it holds is not free yet.</summary>
    /// <param name="before">The phase that was reported last.</param>
    public static string Of(PodSituation pod, string? before)
    {
        // A pod never leaves its last phase.
        if (IsLast(before)) return before!;
        var phase = Of(pod);
        if (!IsLast(phase) || !pod.AnythingRuns) return phase;
        return before is Pending or Running ? before : Running;
    }

    private static string Of(PodSituation pod)
    {
        if (pod.Rejected is not null || pod.Doom is not null) return Failed;
        int waiting = 0, running = 0, stopped = 0, succeeded = 0;
        var initPending = false;
        foreach (var container in pod.Containers)
        {
            switch (container.Kind)
            {
                case ContainerKind.Init:
                    if (container is { Current.End.ExitCode: not 0 } && pod.RestartPolicy == RestartPolicy.Never) return Failed;
                    initPending |= !container.Succeeded;
                    break;
                case ContainerKind.Sidecar:
                    // One that has ended counts no more; one that is still to start the first time is waited for.
                    initPending |= !container.Started && container.Current?.End is null && container.Last is null;
                    if (container.Running) running++;
                    else if (container.Current is null && container.Last is null) waiting++;
                    break;
                case ContainerKind.Main when container.Running:
                    running++;
                    break;
                case ContainerKind.Main when container.Current is { End: { } end }:
                    stopped++;
                    if (end.ExitCode == 0) succeeded++;
                    break;
                default:
                    if (container.Last is not null) stopped++;
                    else waiting++;
                    break;
            }
        }
        if (initPending && !pod.Containers.Any(c => c.Kind == ContainerKind.Main && (c.Current ?? c.Last) is not null)) return Pending;
        if (waiting > 0) return Pending;
        if (running > 0) return Running;
        if (stopped == 0) return Pending;
        // Nothing of a pod that is being deleted starts again, whatever its restart policy.
        if (pod.Going) return stopped == succeeded ? Succeeded : Failed;
        if (pod.RestartPolicy == RestartPolicy.Always) return Running;
        if (stopped == succeeded) return Succeeded;
        return pod.RestartPolicy == RestartPolicy.Never ? Failed : Running;
    }
}
