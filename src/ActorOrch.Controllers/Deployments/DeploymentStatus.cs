using System.Text.Json.Nodes;
using k8s.Models;

namespace ActorOrch.Controllers.Deployments;

/// <summary><c>apps/v1 DeploymentStatus</c>.</summary>
public sealed record DeploymentStatus
{
    public static readonly DeploymentStatus None = new();

    public long ObservedGeneration { get; init; }
    public int Replicas { get; init; }
    public int UpdatedReplicas { get; init; }
    public int ReadyReplicas { get; init; }
    public int AvailableReplicas { get; init; }
    public int UnavailableReplicas { get; init; }
    public int? CollisionCount { get; init; }
    public IReadOnlyList<DeploymentCondition> Conditions { get; init; } = [];

    public DeploymentCondition? Condition(string type) => Conditions.FirstOrDefault(c => c.Type == type);

    /// <summary>Every pod is of the current template and available, and none is left over.</summary>
    public bool IsComplete(DeploymentView deployment) =>
        UpdatedReplicas == deployment.Replicas && Replicas == deployment.Replicas && AvailableReplicas == deployment.Replicas
        && ObservedGeneration >= deployment.Generation;

    public bool SameAs(DeploymentStatus other) => this with { Conditions = other.Conditions } == other && Conditions.SequenceEqual(other.Conditions);

    public static DeploymentStatus Of(V1DeploymentStatus? status) => status is null ? None : new()
    {
        ObservedGeneration = status.ObservedGeneration ?? 0,
        Replicas = status.Replicas ?? 0,
        UpdatedReplicas = status.UpdatedReplicas ?? 0,
        ReadyReplicas = status.ReadyReplicas ?? 0,
        AvailableReplicas = status.AvailableReplicas ?? 0,
        UnavailableReplicas = status.UnavailableReplicas ?? 0,
        CollisionCount = status.CollisionCount,
        Conditions = status.Conditions is null ? [] : [.. status.Conditions.Select(DeploymentCondition.Of)],
    };

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["observedGeneration"] = ObservedGeneration };
        Add("replicas", Replicas);
        Add("updatedReplicas", UpdatedReplicas);
        Add("readyReplicas", ReadyReplicas);
        Add("availableReplicas", AvailableReplicas);
        Add("unavailableReplicas", UnavailableReplicas);
        if (Conditions.Count > 0) json["conditions"] = new JsonArray([.. Conditions.Select(c => c.ToJson())]);
        if (CollisionCount is { } collisions) json["collisionCount"] = collisions;
        return json;

        void Add(string name, int value)
        {
            if (value != 0) json[name] = value;
        }
    }
}
