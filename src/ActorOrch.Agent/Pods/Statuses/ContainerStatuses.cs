using k8s.Models;

namespace ActorOrch.Agent.Pods.Statuses;

/// <summary>Writes <c>v1 ContainerStatus</c>.</summary>
internal static class ContainerStatuses
{
    public const string CrashLoopBackOff = "CrashLoopBackOff";

    public static V1ContainerStatus Write(V1Pod pod, PodSituation situation, ContainerSituation container, string image, DateTimeOffset now)
    {
        var (state, last) = StateOf(pod, situation, container, now);
        var shown = container.Current ?? container.Last;
        return new()
        {
            Name = container.Name,
            Image = shown is { Image.Length: > 0 } ? shown.Image : image,
            ImageID = shown is { ImageId.Length: > 0 } ? ImageId(shown.ImageId) : "",
            ContainerID = shown is null ? null : ContainerId(shown),
            RestartCount = shown?.Attempt ?? 0,
            Ready = container.Kind == ContainerKind.Init ? container.Succeeded : container.Ready,
            Started = container.Kind == ContainerKind.Init ? container.Running : container.Running && container.Started,
            State = state,
            LastState = last,
        };
    }

    public static string ContainerId(ContainerInstance instance) => $"docker://{instance.Id}";

    /// <summary>A repository digest can be pulled again; a bare id is known to this machine alone.</summary>
    private static string ImageId(string id) => id.Contains('@', StringComparison.Ordinal) ? $"docker-pullable://{id}" : $"docker://{id}";

    private static (V1ContainerState State, V1ContainerState Last) StateOf(
        V1Pod pod, PodSituation situation, ContainerSituation container, DateTimeOffset now)
    {
        var previous = container.Last is { End: not null } last ? Ended(last) : new();
        if (container.Current is not { } current) return (new() { Waiting = WaitingFor(pod, situation, container) }, previous);
        if (current.End is not { } end) return (new() { Running = new() { StartedAt = Seconds(current.StartedAt) } }, previous);
        var restarts = !situation.Going && !PodPlan.IsFinished(situation) && PodPlan.MayRestart(situation, container);
        if (!restarts) return (Ended(current), previous);
        if (container.Problem is { } problem) return (new() { Waiting = new() { Reason = problem.Reason, Message = problem.Message } }, Ended(current));
        var due = RestartBackOff.NotBefore(container.BackOff, end.FinishedAt);
        if (due <= now || container.BackOff is not { } backOff) return (Ended(current), previous);
        return (new() { Waiting = new() { Reason = CrashLoopBackOff, Message = BackOffMessage(pod, container.Name, backOff.Delay) } }, Ended(current));
    }

    /// <summary>Upstream's words for a container that waits for its restart.</summary>
    public static string BackOffMessage(V1Pod pod, string container, TimeSpan delay) =>
        $"back-off {GoDuration.Text(delay)} restarting failed container={container} pod={pod.Name()}_{pod.Namespace()}({pod.Uid()})";

    private static V1ContainerStateWaiting WaitingFor(V1Pod pod, PodSituation situation, ContainerSituation container)
    {
        if (situation.Obstacle is { } obstacle) return new() { Reason = "CreatePodSandboxError", Message = obstacle };
        if (container.Problem is { } problem) return new() { Reason = problem.Reason, Message = problem.Message };
        return new() { Reason = pod.Spec.InitContainers is { Count: > 0 } ? "PodInitializing" : "ContainerCreating" };
    }

    private static V1ContainerState Ended(ContainerInstance instance) => new()
    {
        Terminated = new()
        {
            ExitCode = instance.End!.ExitCode,
            Reason = instance.End.Reason,
            Message = instance.End.Message,
            StartedAt = Seconds(instance.StartedAt),
            FinishedAt = Seconds(instance.End.FinishedAt),
            ContainerID = ContainerId(instance),
        },
    };

    /// <summary><c>meta/v1 Time</c> has whole seconds.</summary>
    public static DateTime? Seconds(DateTimeOffset? time) =>
        time is { } value ? new DateTime(value.UtcTicks - (value.UtcTicks % TimeSpan.TicksPerSecond), DateTimeKind.Utc) : null;
}
