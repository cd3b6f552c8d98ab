using k8s.Models;

namespace ActorOrch.Agent.Pods.Statuses;

/// <summary>The conditions that the agent keeps; those of others (readiness gates, disruption) stay as they are.</summary>
internal static class PodConditions
{
    private const string PodCompleted = "PodCompleted";
    private const string ContainersNotReady = "ContainersNotReady";

    public static List<V1PodCondition> Write(V1Pod pod, PodSituation situation, string phase, IList<V1PodCondition>? before, DateTimeOffset now)
    {
        var conditions = new List<V1PodCondition>(6);
        var initialized = Initialized(situation, phase);
        var containersReady = ContainersReady(situation, phase);
        Add("PodReadyToStartContainers", new(HasNetwork(situation)));
        Add("Initialized", initialized);
        Add("Ready", Ready(pod, containersReady));
        Add("ContainersReady", containersReady);
        Add("PodScheduled", new(true));
        foreach (var other in pod.Status?.Conditions ?? []) if (conditions.All(c => c.Type != other.Type)) conditions.Add(other);
        return conditions;

        void Add(string type, Verdict verdict)
        {
            var status = verdict.True ? "True" : "False";
            var old = before?.FirstOrDefault(c => c.Type == type);
            conditions.Add(new()
            {
                Type = type,
                Status = status,
                Reason = verdict.Reason,
                Message = verdict.Message,
                LastTransitionTime = old?.Status == status ? old.LastTransitionTime : ContainerStatuses.Seconds(now),
            });
        }
    }

    private readonly record struct Verdict(bool True, string? Reason = null, string? Message = null);

    private static bool HasNetwork(PodSituation situation) => situation.Sandbox is { } sandbox
        ? sandbox.Running
        : situation.Containers.Any(c => c.Running);

    private static Verdict Initialized(PodSituation situation, string phase)
    {
        var missing = situation.Containers
            .Where(c => c.Kind == ContainerKind.Init ? !c.Succeeded : c.Kind == ContainerKind.Sidecar && !c.Started)
            .Select(c => c.Name).ToArray();
        if (missing.Length == 0 || situation.Containers.Any(c => c is { Kind: ContainerKind.Main, Current: not null }))
            return new(true, phase == PodPhases.Succeeded ? PodCompleted : null);
        return new(false, "ContainersNotInitialized", $"containers with incomplete status: [{string.Join(' ', missing)}]");
    }

    private static Verdict ContainersReady(PodSituation situation, string phase)
    {
        if (phase == PodPhases.Succeeded) return new(false, PodCompleted);
        if (phase == PodPhases.Failed) return new(false, "PodFailed");
        var unready = new List<string>();
        foreach (var container in situation.Containers)
            if (container.Kind != ContainerKind.Init && !container.Ready) unready.Add(container.Name);
        return unready.Count == 0 ? new(true) : new(false, ContainersNotReady, $"containers with unready status: [{string.Join(' ', unready)}]");
    }

    private static Verdict Ready(V1Pod pod, Verdict containersReady)
    {
        if (!containersReady.True || pod.Spec.ReadinessGates is not { Count: > 0 } gates) return containersReady;
        var messages = new List<string>();
        foreach (var gate in gates)
        {
            var condition = pod.Status?.Conditions?.FirstOrDefault(c => c.Type == gate.ConditionType);
            if (condition is null) messages.Add($"corresponding condition of pod readiness gate \"{gate.ConditionType}\" does not exist.");
            else if (condition.Status != "True")
                messages.Add($"the status of pod readiness gate \"{gate.ConditionType}\" is not \"True\", but {condition.Status}");
        }
        return messages.Count == 0 ? new(true) : new(false, "ReadinessGatesNotReady", string.Join(", ", messages));
    }
}
