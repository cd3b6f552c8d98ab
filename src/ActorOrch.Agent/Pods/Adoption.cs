using System.Collections.Immutable;
using System.Globalization;
using ActorOrch.Agent.Pods.Containers;
using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Agent.Pods.Statuses;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Resources.Timing;
using k8s.Models;

namespace ActorOrch.Agent.Pods;

/// <summary>Builds a pod's situation from its object and from the containers found on the machine. Pure.</summary>
internal static class Adoption
{
    /// <summary>The situation, and the containers that are too old to be of any use.</summary>
    public static (PodSituation Situation, IReadOnlyList<string> Surplus) Situation(V1Pod pod, IReadOnlyList<ContainerState> found)
    {
        var surplus = new List<string>();
        var containers = ImmutableArray.CreateBuilder<ContainerSituation>();
        foreach (var init in pod.Spec.InitContainers ?? [])
            containers.Add(Container(pod, init, init.RestartPolicy == "Always" ? ContainerKind.Sidecar : ContainerKind.Init, found, surplus));
        foreach (var main in pod.Spec.Containers) containers.Add(Container(pod, main, ContainerKind.Main, found, surplus));
        var situation = new PodSituation
        {
            RestartPolicy = Enum.TryParse<RestartPolicy>(pod.Spec.RestartPolicy, out var policy) ? policy : RestartPolicy.Always,
            Containers = containers.ToImmutable(),
            Sandbox = NeedsSandbox(pod) ? Sandbox(found, surplus) : null,
        };
        return (WithObject(situation, pod), surplus);
    }

    /// <summary>Takes over what may change in a pod's object.</summary>
    public static PodSituation WithObject(PodSituation situation, V1Pod pod)
    {
        foreach (var container in pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []))
        {
            var known = situation[container.Name];
            var hash = ContainerSpecFactory.SpecHash(container);
            if (known.SpecHash != hash) situation = situation.With(known with { SpecHash = hash, Problem = null, RetryAt = null });
        }
        var deletion = pod.Metadata.DeletionTimestamp;
        var start = pod.Status?.StartTime;
        return situation with
        {
            Going = situation.Going || deletion is not null,
            KillBy = deletion is null ? situation.KillBy : Earlier(situation.KillBy, Utc(deletion.Value)),
            Deadline = pod.Spec.ActiveDeadlineSeconds is { } seconds && start is not null ? Utc(start.Value).After(seconds) : situation.Deadline,
        };
    }

    /// <summary>One container has its namespace to itself; several need someone to hold it while they come and go.</summary>
    public static bool NeedsSandbox(V1Pod pod) =>
        pod.Spec.ShareProcessNamespace == true
        // Ports of the machine belong to the pod, not to a container that comes and goes.
        || HostPorts.Of(pod.Spec).Count > 0
        || (pod.Spec.HostNetwork != true && pod.Spec.Containers.Count + (pod.Spec.InitContainers?.Count ?? 0) > 1);

    private static ContainerInstance Instance(ContainerState state, V1Container spec) => new(
        state.Id, Attempt(state.Labels), state.Labels.GetValueOrDefault(ContainerLabels.SpecHash, ""), state.Image, state.ImageId, state.StartedAt,
        state.Phase == ContainerPhase.Running ? null : End(state, spec));

    private static Termination End(ContainerState state, V1Container spec) =>
        new(state.ExitCode, Reason(state.ExitCode, state.OomKilled), EngineWords.OfUnknown(state.Error, spec), state.FinishedAt ?? state.CreatedAt);

    public static string Reason(int exitCode, bool oomKilled) => oomKilled ? "OOMKilled" : exitCode == 0 ? "Completed" : "Error";

    public static int Attempt(IReadOnlyDictionary<string, string> labels) =>
        int.TryParse(labels.GetValueOrDefault(ContainerLabels.Attempt), CultureInfo.InvariantCulture, out var attempt) ? attempt : 0;

    private static ContainerSituation Container(V1Pod pod, V1Container spec, ContainerKind kind, IReadOnlyList<ContainerState> found, List<string> surplus)
    {
        var instances = Newest(found, spec.Name);
        // One that was made but never started has no past worth keeping.
        while (instances.Count > 0 && instances[0].Phase == ContainerPhase.Created)
        {
            surplus.Add(instances[0].Id);
            instances.RemoveAt(0);
        }
        for (var i = 2; i < instances.Count; i++) surplus.Add(instances[i].Id);
        var situation = new ContainerSituation
        {
            Name = spec.Name,
            Kind = kind,
            SpecHash = ContainerSpecFactory.SpecHash(spec),
            Current = instances.Count > 0 ? Instance(instances[0], spec) : null,
            Last = instances.Count > 1 ? Instance(instances[1], spec) : null,
        };
        return Remembered(pod, situation);
    }

    /// <summary>What the API remembers of a container that is still the same one: its restart count, its last end, that it was ready.</summary>
    private static ContainerSituation Remembered(V1Pod pod, ContainerSituation situation)
    {
        var statuses = situation.Kind == ContainerKind.Main ? pod.Status?.ContainerStatuses : pod.Status?.InitContainerStatuses;
        if (statuses?.FirstOrDefault(s => s.Name == situation.Name) is not { } status) return situation;
        if (situation.Current is { } current && status.ContainerID == ContainerStatuses.ContainerId(current))
            return situation with { Started = status.Started == true, ProbedReady = status.Ready };
        if (situation.Current is not null || status.ContainerID is not { } lost) return situation;
        // Its container was removed while nobody looked.
        var ended = status.State?.Terminated;
        var end = ended is not null
            ? new Termination(ended.ExitCode, ended.Reason, ended.Message, Utc(ended.FinishedAt ?? DateTime.UnixEpoch))
            : new(137, "ContainerStatusUnknown", "The container could not be located when the pod was examined. The container used to be Running",
                Utc(status.State?.Running?.StartedAt ?? DateTime.UnixEpoch));
        var started = status.State?.Running?.StartedAt ?? ended?.StartedAt;
        var instance = new ContainerInstance(
            lost.Replace("docker://", "", StringComparison.Ordinal), status.RestartCount, situation.SpecHash, status.Image, "",
            started is { } at ? Utc(at) : null, end);
        return situation with { Current = instance };
    }

    private static SandboxSituation Sandbox(IReadOnlyList<ContainerState> found, List<string> surplus)
    {
        var sandboxes = Newest(found, ContainerLabels.SandboxName);
        if (sandboxes.Count == 0) return new();
        for (var i = 1; i < sandboxes.Count; i++) surplus.Add(sandboxes[i].Id);
        var newest = sandboxes[0];
        return new() { Id = newest.Id, Running = newest.Phase == ContainerPhase.Running, NextAttempt = Attempt(newest.Labels) + 1 };
    }

    private static List<ContainerState> Newest(IReadOnlyList<ContainerState> found, string container) =>
        [.. found.Where(c => c.Labels.GetValueOrDefault(ContainerLabels.ContainerName) == container).OrderByDescending(c => Attempt(c.Labels))];

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset other) => one is { } first && first < other ? first : other;

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
