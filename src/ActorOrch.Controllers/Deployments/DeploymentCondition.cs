using System.Globalization;
using System.Text.Json.Nodes;
using k8s.Models;

namespace ActorOrch.Controllers.Deployments;

/// <summary>One of <c>status.conditions</c>.</summary>
public sealed record DeploymentCondition(
    string Type, string Status, string Reason, string Message, DateTimeOffset LastUpdate, DateTimeOffset LastTransition)
{
    public const string Progressing = "Progressing";
    public const string Available = "Available";
    public const string ReplicaFailure = "ReplicaFailure";

    /// <summary>The types that the controller decides.</summary>
    internal static readonly string[] Own = [Available, Progressing, ReplicaFailure];

    /// <summary>A condition that is news now; times have whole seconds, as they are stored.</summary>
    public static DeploymentCondition New(string type, string status, string reason, string message, DateTimeOffset now)
    {
        var second = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        return new(type, status, reason, message, second, second);
    }

    public static DeploymentCondition Of(V1DeploymentCondition condition) => new(
        condition.Type, condition.Status, condition.Reason ?? "", condition.Message ?? "", Utc(condition.LastUpdateTime), Utc(condition.LastTransitionTime));

    public JsonObject ToJson() => new()
    {
        ["type"] = Type,
        ["status"] = Status,
        ["lastUpdateTime"] = Time(LastUpdate),
        ["lastTransitionTime"] = Time(LastTransition),
        ["reason"] = Reason,
        ["message"] = Message,
    };

    private static DateTimeOffset Utc(DateTime? time) => new(time ?? default, TimeSpan.Zero);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>The conditions of a Deployment, with upstream's rules for replacing one.</summary>
public sealed class DeploymentConditions(IEnumerable<DeploymentCondition> conditions)
{
    private readonly List<DeploymentCondition> _all = [.. conditions];

    public IReadOnlyList<DeploymentCondition> All => _all;

    public DeploymentCondition? this[string type] => _all.Find(c => c.Type == type);

    /// <summary>Replaces the condition, unless status and reason are what they were. The transition time stays where the status does.</summary>
    public void Set(DeploymentCondition condition)
    {
        var current = this[condition.Type];
        if (current is not null && current.Status == condition.Status && current.Reason == condition.Reason) return;
        Replace(condition);
    }

    /// <summary>Replaces the condition even where only its update time is news.</summary>
    public void Replace(DeploymentCondition condition)
    {
        if (this[condition.Type] is { } current && current.Status == condition.Status) condition = condition with { LastTransition = current.LastTransition };
        Remove(condition.Type);
        _all.Add(condition);
    }

    public void Remove(string type) => _all.RemoveAll(c => c.Type == type);
}
