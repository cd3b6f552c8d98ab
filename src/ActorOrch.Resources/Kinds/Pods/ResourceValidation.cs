using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Quantities;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>Checks <c>core/v1 ResourceRequirements</c>.</summary>
internal static class ResourceValidation
{
    private const string HugePages = "hugepages-";

    private static readonly HashSet<string> StandardContainerResources = ["cpu", "memory", "ephemeral-storage"];

    public static void Validate(Field resources, FieldErrors errors)
    {
        var (limits, requests) = (resources["limits"], resources["requests"]);
        foreach (var (name, amount) in limits.Entries) CheckContainerAmount(name, amount, errors);
        foreach (var (name, amount) in requests.Entries)
        {
            if (CheckContainerAmount(name, amount, errors) is not { } request) continue;
            if (ResourceDefaults.TryRead(limits[name].Node, out var limit))
            {
                // Huge pages and devices cannot be shared out twice: what is asked for is what is set aside.
                if (request != limit && !MayOvercommit(name)) errors.Invalid(requests, request.ToString(), $"must be equal to {name} limit of {limit}");
                else if (request > limit) errors.Invalid(requests, request.ToString(), $"must be less than or equal to {name} limit of {limit}");
            }
            else if (!MayOvercommit(name)) errors.Required(limits, "Limit must be set for non overcommitable resources");
        }
        CheckHugePages(resources, limits, requests, errors);
    }

    /// <summary>Checks the amounts of a list of resources.</summary>
    public static void CheckAmounts(Field amounts, FieldErrors errors)
    {
        foreach (var (name, amount) in amounts.Entries) CheckAmount(name, amount, errors);
    }

    /// <returns>The amount, or null where it is none.</returns>
    public static Quantity? CheckAmount(string name, Field amount, FieldErrors errors)
    {
        if (!ResourceDefaults.TryRead(amount.Node, out var quantity))
        {
            errors.Invalid(amount, Quantity.FormatError);
            return null;
        }
        if (quantity.Sign < 0) errors.Invalid(amount, quantity.ToString(), Checks.NotNegative);
        if (IsInteger(name) && !quantity.IsWhole) errors.Invalid(amount, quantity.ToString(), "must be an integer");
        return quantity;
    }

    private static Quantity? CheckContainerAmount(string name, Field amount, FieldErrors errors)
    {
        var wrongs = Names.QualifiedName(name).ToList();
        foreach (var wrong in wrongs) errors.Invalid(amount, name, wrong);
        if (wrongs.Count == 0)
        {
            if (!name.Contains('/') && !StandardContainerResources.Contains(name) && !IsHugePages(name))
                errors.Invalid(amount, name, "must be a standard resource for containers");
            else if (name.Contains('/') && IsNative(name))
                errors.Invalid(amount, name, "doesn't follow extended resource name standard");
        }
        return CheckAmount(name, amount, errors);
    }

    private static void CheckHugePages(Field resources, Field limits, Field requests, FieldErrors errors)
    {
        if (limits.Node is not JsonObject && requests.Node is not JsonObject) return;
        var names = limits.Entries.Concat(requests.Entries).Select(e => e.Key).ToList();
        if (names.Any(IsHugePages) && !names.Any(n => n is "cpu" or "memory")) errors.Forbidden(resources, "HugePages require cpu or memory");
    }

    private static bool IsHugePages(string name) => name.StartsWith(HugePages, StringComparison.Ordinal);

    private static bool IsNative(string name) => !name.Contains('/') || name.Contains("kubernetes.io/", StringComparison.Ordinal);

    private static bool IsExtended(string name) => !IsNative(name);

    private static bool MayOvercommit(string name) => IsNative(name) && !IsHugePages(name);

    private static bool IsInteger(string name) =>
        IsExtended(name) || name is "pods" or "services" or "replicationcontrollers" or "secrets" or "configmaps" or "persistentvolumeclaims";
}
