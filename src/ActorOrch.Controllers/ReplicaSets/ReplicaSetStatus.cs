using System.Globalization;
using System.Text.Json.Nodes;
using k8s.Models;

namespace ActorOrch.Controllers.ReplicaSets;

/// <summary>A failure of creating or deleting pods (condition <c>ReplicaFailure</c>).</summary>
public sealed record ReplicaFailure(string Reason, string Message, DateTimeOffset Since);

/// <summary><c>apps/v1 ReplicaSetStatus</c> and <c>v1 ReplicationControllerStatus</c>, which have the same fields, as far as this controller decides it.</summary>
public sealed record ReplicaSetStatus(
    int Replicas, int FullyLabeledReplicas, int ReadyReplicas, int AvailableReplicas, long ObservedGeneration, ReplicaFailure? Failure)
{
    /// <summary>The types of conditions that the controller decides.</summary>
    internal static readonly string[] OwnConditions = ["ReplicaFailure"];

    public static ReplicaSetStatus Of(V1ReplicaSetStatus? status)
    {
        var failure = status?.Conditions?.FirstOrDefault(c => c.Type == "ReplicaFailure" && c.Status == "True");
        return new(
            status?.Replicas ?? 0, status?.FullyLabeledReplicas ?? 0, status?.ReadyReplicas ?? 0, status?.AvailableReplicas ?? 0,
            status?.ObservedGeneration ?? 0, failure is null ? null : Failed(failure.Reason, failure.Message, failure.LastTransitionTime));
    }

    public static ReplicaSetStatus Of(V1ReplicationControllerStatus? status)
    {
        var failure = status?.Conditions?.FirstOrDefault(c => c.Type == "ReplicaFailure" && c.Status == "True");
        return new(
            status?.Replicas ?? 0, status?.FullyLabeledReplicas ?? 0, status?.ReadyReplicas ?? 0, status?.AvailableReplicas ?? 0,
            status?.ObservedGeneration ?? 0, failure is null ? null : Failed(failure.Reason, failure.Message, failure.LastTransitionTime));
    }

    private static ReplicaFailure Failed(string? reason, string? message, DateTime? since) =>
        new(reason ?? "", message ?? "", new DateTimeOffset(since ?? default, TimeSpan.Zero));

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["replicas"] = Replicas };
        if (FullyLabeledReplicas > 0) json["fullyLabeledReplicas"] = FullyLabeledReplicas;
        if (ReadyReplicas > 0) json["readyReplicas"] = ReadyReplicas;
        if (AvailableReplicas > 0) json["availableReplicas"] = AvailableReplicas;
        json["observedGeneration"] = ObservedGeneration;
        if (Failure is { } failure)
            json["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "ReplicaFailure",
                ["status"] = "True",
                ["lastTransitionTime"] = failure.Since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["reason"] = failure.Reason,
                ["message"] = failure.Message,
            });
        return json;
    }
}
