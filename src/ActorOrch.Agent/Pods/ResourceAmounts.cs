using k8s.Models;

namespace ActorOrch.Agent.Pods;

/// <summary>Reads amounts out of <c>resources</c>.</summary>
internal static class ResourceAmounts
{
    /// <summary>In base units: cores, bytes.</summary>
    public static decimal? Find(IDictionary<string, ResourceQuantity>? amounts, string resource) =>
        amounts is not null && amounts.TryGetValue(resource, out var amount) ? amount.ToDecimal() : null;

    /// <summary>CPU shares of a request, 1024 a core and at least 2.</summary>
    public static long? CpuShares(V1ResourceRequirements? resources)
    {
        var cpu = Find(resources?.Requests, "cpu") ?? Find(resources?.Limits, "cpu");
        return Math.Max(2, (long)((cpu ?? 0) * 1024));
    }

    public static long? CpuLimitMillis(V1ResourceRequirements? resources) =>
        Find(resources?.Limits, "cpu") is { } cpu ? Math.Max(10, (long)Math.Ceiling(cpu * 1000)) : null;

    public static long? MemoryLimitBytes(V1ResourceRequirements? resources) =>
        Find(resources?.Limits, "memory") is { } memory ? (long)memory : null;
}
