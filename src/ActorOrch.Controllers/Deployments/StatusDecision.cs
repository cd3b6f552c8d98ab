using ActorOrch.Resources.Numbers;
using ActorOrch.Resources.Timing;

namespace ActorOrch.Controllers.Deployments;

/// <summary>What happened to the current ReplicaSet in this run, beyond its numbers.</summary>
/// <param name="Created">It was created in this run.</param>
/// <param name="CreationError">Why it could not be created.</param>
public sealed record CurrentSetNews(string? Name, bool Created = false, string? CreationError = null);

/// <summary>The status of a Deployment: numbers, Available, Progressing, ReplicaFailure. Pure.</summary>
public static class StatusDecision
{
    /// <param name="current">The set of the Deployment's template, as it is after this run's changes; null where there is none.</param>
    /// <param name="old">All other sets.</param>
    /// <returns>The status, and when to look again for the progress deadline.</returns>
    public static (DeploymentStatus Status, TimeSpan? WakeAfter) Next(
        DeploymentView deployment, ReplicaSetView? current, IReadOnlyList<ReplicaSetView> old, CurrentSetNews news, DateTimeOffset now)
    {
        var conditions = new DeploymentConditions(deployment.Status.Conditions);
        IReadOnlyList<ReplicaSetView> all = current is null ? old : [.. old, current];
        var available = all.SumOf(s => s.AvailableReplicas);
        var status = deployment.Status with
        {
            ObservedGeneration = deployment.Generation,
            Replicas = all.SumOf(s => s.ActualReplicas),
            UpdatedReplicas = current?.ActualReplicas ?? 0,
            ReadyReplicas = all.SumOf(s => s.ReadyReplicas),
            AvailableReplicas = available,
            UnavailableReplicas = Math.Max(0, Saturating.Add(all.SumOf(s => s.Replicas), -available)),
        };
        conditions.Set(available >= deployment.MinAvailable
            ? New(DeploymentCondition.Available, "True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
            : New(DeploymentCondition.Available, "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability."));
        if (!deployment.Deleting) SetProgress();
        SetFailure(conditions, deployment, current, old, now);
        return (status with { Conditions = conditions.All }, DeadlineIn(deployment, status, conditions, now));

        DeploymentCondition New(string type, string value, string reason, string message) => DeploymentCondition.New(type, value, reason, message, now);

        void SetProgress()
        {
            if (deployment.ProgressDeadline is not { } deadline)
            {
                conditions.Remove(DeploymentCondition.Progressing);
                return;
            }
            if (Announcement(deployment, conditions[DeploymentCondition.Progressing], news) is var (value, reason, message))
                conditions.Set(New(DeploymentCondition.Progressing, value, reason, message));
            if (deployment.Paused) return;
            var known = conditions[DeploymentCondition.Progressing];
            if (known?.Reason == "NewReplicaSetAvailable" && status.Replicas == status.UpdatedReplicas) return;
            var subject = news.Name is { } name ? $"ReplicaSet \"{name}\"" : $"Deployment \"{deployment.Name}\"";
            if (status.IsComplete(deployment))
                conditions.Set(New(DeploymentCondition.Progressing, "True", "NewReplicaSetAvailable", $"{subject} has successfully progressed."));
            else if (HasProgressed(deployment.Status, status))
                conditions.Replace(New(DeploymentCondition.Progressing, "True", "ReplicaSetUpdated", $"{subject} is progressing."));
            else if (known is not null && known.Reason != "NewReplicaSetAvailable" && known.LastUpdate.After(deadline) < now)
                conditions.Set(New(DeploymentCondition.Progressing, "False", "ProgressDeadlineExceeded", $"{subject} has timed out progressing."));
        }
    }

    private static (string Status, string Reason, string Message)? Announcement(DeploymentView deployment, DeploymentCondition? known, CurrentSetNews news)
    {
        if (news.CreationError is { } error) return ("False", "ReplicaSetCreateError", error);
        if (news.Created) return ("True", "NewReplicaSetCreated", $"Created new replica set \"{news.Name}\"");
        var paused = known?.Reason == "DeploymentPaused";
        // A rollout that has been given up stays so, paused or not.
        if (deployment.Paused && !paused && known?.Reason != "ProgressDeadlineExceeded") return ("Unknown", "DeploymentPaused", "Deployment is paused");
        if (!deployment.Paused && paused) return ("Unknown", "DeploymentResumed", "Deployment is resumed");
        if (known is null && news.Name is { } name) return ("True", "FoundNewReplicaSet", $"Found new replica set \"{name}\"");
        return null;
    }

    private static bool HasProgressed(DeploymentStatus before, DeploymentStatus after) =>
        after.UpdatedReplicas > before.UpdatedReplicas
        || after.Replicas - after.UpdatedReplicas < before.Replicas - before.UpdatedReplicas
        || after.ReadyReplicas > before.ReadyReplicas
        || after.AvailableReplicas > before.AvailableReplicas;

    private static void SetFailure(
        DeploymentConditions conditions, DeploymentView deployment, ReplicaSetView? current, IReadOnlyList<ReplicaSetView> old, DateTimeOffset now)
    {
        var failure = current?.Failure ?? old.FirstOrDefault(s => s.Failure is not null)?.Failure;
        if (failure is null || deployment.Deleting) conditions.Remove(DeploymentCondition.ReplicaFailure);
        else conditions.Set(DeploymentCondition.New(DeploymentCondition.ReplicaFailure, "True", failure.Reason, failure.Message, now));
    }

    private static TimeSpan? DeadlineIn(DeploymentView deployment, DeploymentStatus status, DeploymentConditions conditions, DateTimeOffset now)
    {
        if (deployment.ProgressDeadline is not { } deadline || deployment.Paused || deployment.Deleting || status.IsComplete(deployment)) return null;
        if (conditions[DeploymentCondition.Progressing] is not { Reason: not ("ProgressDeadlineExceeded" or "NewReplicaSetAvailable") } known) return null;
        // A second more than the deadline: times are stored in whole seconds.
        return known.LastUpdate.After(deadline).After(seconds: 1) - now;
    }
}
