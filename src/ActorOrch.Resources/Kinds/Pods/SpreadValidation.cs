using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>Checks <c>core/v1 TopologySpreadConstraint</c>.</summary>
internal static class SpreadValidation
{
    private const string NotPositive = "must be greater than zero";
    private static readonly string[] Actions = ["DoNotSchedule", "ScheduleAnyway"];
    private static readonly string[] Policies = ["Honor", "Ignore"];

    public static void Validate(Field constraints, FieldErrors errors)
    {
        // Each pair may come once; upstream names the earlier of two.
        var pairs = constraints.Items.Select(Pair).ToList();
        var last = new Dictionary<string, int>();
        for (var i = 0; i < pairs.Count; i++) last[pairs[i]] = i;
        var index = 0;
        foreach (var constraint in constraints.Items)
        {
            if (constraint["maxSkew"].Integer is not > 0) errors.Invalid(constraint["maxSkew"], constraint["maxSkew"].Integer ?? 0, NotPositive);
            if (constraint["topologyKey"].Text.Length == 0) errors.Required(constraint["topologyKey"], "can not be empty");
            var action = constraint["whenUnsatisfiable"];
            if (!Actions.Contains(action.Text)) errors.NotSupported(action, Actions);
            if (last[pairs[index]] > index) errors.Duplicate(constraint["{topologyKey, whenUnsatisfiable}"], pairs[index]);
            index++;
            CheckMinDomains(constraint["minDomains"], action.Text, errors);
            foreach (var name in (string[])["nodeAffinityPolicy", "nodeTaintsPolicy"])
                if (constraint[name].Exists && !Policies.Contains(constraint[name].Text)) errors.NotSupported(constraint[name], Policies);
            CheckMatchLabelKeys(constraint, errors);
            LabelSelectorValidation.Validate(constraint["labelSelector"], errors);
        }
    }

    private static string Pair(Field constraint) => $"{{{constraint["topologyKey"].Text}, {constraint["whenUnsatisfiable"].Text}}}";

    private static void CheckMinDomains(Field domains, string action, FieldErrors errors)
    {
        if (!domains.Exists) return;
        if (domains.Integer is not > 0) errors.Invalid(domains, NotPositive);
        if (action != "DoNotSchedule") errors.Invalid(domains, $"can only use minDomains if whenUnsatisfiable=DoNotSchedule, not {action}");
    }

    private static void CheckMatchLabelKeys(Field constraint, FieldErrors errors)
    {
        var (keys, selector) = (constraint["matchLabelKeys"], constraint["labelSelector"]);
        if (keys.Node is not JsonArray { Count: > 0 }) return;
        if (!selector.Exists) errors.Forbidden(keys, "must not be specified when labelSelector is not set");
        var selected = selector["matchLabels"].Entries.Select(e => e.Key)
            .Concat(selector["matchExpressions"].Items.Select(e => e["key"].Text))
            .ToHashSet();
        foreach (var key in keys.Items)
        {
            Checks.QualifiedName(key, errors);
            if (selected.Contains(key.Text)) errors.Invalid(key, "exists in both matchLabelKeys and labelSelector");
        }
    }
}
