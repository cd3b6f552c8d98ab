using ActorOrch.Resources.Numbers;
using k8s.Models;

namespace ActorOrch.Agent.Pods;

/// <summary>Reads amounts out of <c>resources</c>.</summary>
internal static class ResourceAmounts
{
    /// <summary>In base units: cores, bytes.</summary>
    public static decimal? Find(IDictionary<string, ResourceQuantity>? amounts, string resource) =>
        amounts is not null && amounts.TryGetValue(resource, out var amount) ? amount.ToDecimal() : null;

    /// <summary>What the kernel takes.</summary>
    private const long MostCpuShares = 262_144;

    /// <summary>So that there are no more billionths of a core than fit.</summary>
    private const long MostCpuMillis = long.MaxValue / 1_000_000;

    /// <summary>CPU shares of a request, 1024 a core, from 2 to as many as the kernel takes.</summary>
    public static long? CpuShares(V1ResourceRequirements? resources)
    {
        var cpu = Find(resources?.Requests, "cpu") ?? Find(resources?.Limits, "cpu");
        return Math.Clamp(Saturating.ToInt64((cpu ?? 0) * 1024), 2, MostCpuShares);
    }

    public static long? CpuLimitMillis(V1ResourceRequirements? resources) =>
        Find(resources?.Limits, "cpu") is { } cpu ? Math.Clamp(Saturating.ToInt64(Math.Ceiling(cpu * 1000)), 10, MostCpuMillis) : null;

    public static long? MemoryLimitBytes(V1ResourceRequirements? resources) =>
        Find(resources?.Limits, "memory") is { } memory ? Saturating.ToInt64(memory) : null;
}
