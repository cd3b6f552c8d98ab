using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>Checks <c>core/v1 Affinity</c>.</summary>
internal static class AffinityValidation
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";

    public static void Validate(Field affinity, FieldErrors errors)
    {
        var node = affinity["nodeAffinity"];
        if (node[Required].Exists) CheckNodeSelector(node[Required], errors);
        foreach (var term in node[Preferred].Items)
        {
            CheckWeight(term["weight"], errors);
            CheckNodeTerm(term["preference"], checkValues: false, errors);
        }
        foreach (var kind in (string[])["podAffinity", "podAntiAffinity"])
        {
            foreach (var term in affinity[kind][Required].Items) CheckPodTerm(term, errors);
            foreach (var term in affinity[kind][Preferred].Items)
            {
                CheckWeight(term["weight"], errors);
                CheckPodTerm(term["podAffinityTerm"], errors);
            }
        }
    }

    private static void CheckNodeSelector(Field selector, FieldErrors errors)
    {
        var terms = selector["nodeSelectorTerms"];
        if (terms.Node is not JsonArray { Count: > 0 }) errors.Required(terms, "must have at least one node selector term");
        foreach (var term in terms.Items) CheckNodeTerm(term, checkValues: true, errors);
    }

    private static void CheckNodeTerm(Field term, bool checkValues, FieldErrors errors)
    {
        foreach (var requirement in term["matchExpressions"].Items)
        {
            CheckNodeRequirement(requirement, errors);
            if (!checkValues) continue;
            foreach (var value in requirement["values"].Items)
                foreach (var wrong in Names.LabelValue(value.Text)) errors.Invalid(value, wrong);
        }
        foreach (var requirement in term["matchFields"].Items) CheckNodeField(requirement, errors);
    }

    private static void CheckNodeRequirement(Field requirement, FieldErrors errors)
    {
        var values = requirement["values"];
        var count = (values.Node as JsonArray)?.Count ?? 0;
        switch (requirement["operator"].Text)
        {
            case "In" or "NotIn":
                if (count == 0) errors.Required(values, "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist":
                if (count > 0) errors.Forbidden(values, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            case "Gt" or "Lt":
                if (count != 1) errors.Required(values, "must be specified single value when `operator` is 'Lt' or 'Gt'");
                break;
            default:
                errors.Invalid(requirement["operator"], requirement["operator"].Text, "not a valid selector operator");
                break;
        }
        Checks.QualifiedName(requirement["key"], errors);
    }

    private static void CheckNodeField(Field requirement, FieldErrors errors)
    {
        var values = requirement["values"];
        if (requirement["operator"].Text is not ("In" or "NotIn"))
            errors.Invalid(requirement["operator"], requirement["operator"].Text, "not a valid selector operator");
        else if (values.Node is not JsonArray { Count: 1 })
            errors.Required(values, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        if (requirement["key"].Text != "metadata.name") errors.Invalid(requirement["key"], requirement["key"].Text, "not a valid field selector key");
        else
            foreach (var value in values.Items) Checks.Name(value, Names.Dns1123Subdomain, errors);
    }

    private static void CheckPodTerm(Field term, FieldErrors errors)
    {
        LabelSelectorValidation.Validate(term["labelSelector"], errors);
        LabelSelectorValidation.Validate(term["namespaceSelector"], errors);
        AffinityLabelKeys.Validate(term, errors);
        foreach (var name in term["namespaces"].Items)
            foreach (var wrong in Names.Dns1123Label(name.Text)) errors.Invalid(term["namespace"], name.Text, wrong);
        if (term["topologyKey"].Text.Length == 0) errors.Required(term["topologyKey"], "can not be empty");
        Checks.QualifiedName(term["topologyKey"], errors);
    }

    private static void CheckWeight(Field weight, FieldErrors errors)
    {
        if (weight.Integer is not (>= 1 and <= 100)) errors.Invalid(weight, weight.Integer ?? 0, "must be in the range 1-100");
    }
}
