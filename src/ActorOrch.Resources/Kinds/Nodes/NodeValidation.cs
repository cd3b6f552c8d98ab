using System.Text.Json.Nodes;
using ActorOrch.Resources.Addressing;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds.Pods;

namespace ActorOrch.Resources.Kinds.Nodes;

/// <summary>Checks <c>core/v1 Node</c>.</summary>
internal static class NodeValidation
{
    public static void Validate(Field node, FieldErrors errors)
    {
        CheckTaints(node["spec"]["taints"], errors);
        foreach (var list in (string[])["capacity", "allocatable"])
            foreach (var (name, amount) in node["status"][list].Entries)
                ResourceValidation.CheckAmount(name, amount with { Path = $"status.{list}.{name}" }, errors);
        foreach (var range in node["spec"]["podCIDRs"].Items)
            if (!Addresses.IsCidr(range.Text)) errors.Invalid(range, Addresses.CidrSyntax);
    }

    public static void ValidateUpdate(Field node, Field old, FieldErrors errors)
    {
        var (spec, before) = (node["spec"], old["spec"]);
        var addresses = new HashSet<(string, string)>();
        foreach (var address in node["status"]["addresses"].Items)
            if (!addresses.Add((address["type"].Text, address["address"].Text))) errors.Duplicate(address);
        if (before["podCIDRs"].Items.Any() && !JsonNode.DeepEquals(spec["podCIDRs"].Node, before["podCIDRs"].Node))
            errors.Forbidden(spec["podCIDRs"], "node updates may not change podCIDR except from \"\" to valid");
        if (before["providerID"].Text.Length > 0 && spec["providerID"].Text != before["providerID"].Text)
            errors.Forbidden(spec["providerID"], "node updates may not change providerID except from \"\" to valid");
    }

    private static void CheckTaints(Field taints, FieldErrors errors)
    {
        var seen = new HashSet<(string, string)>();
        foreach (var element in taints.Items)
        {
            // Upstream's path puts the taints under metadata.
            var taint = element with { Path = "metadata.taints" + element.Path[taints.Path.Length..] };
            Checks.QualifiedName(taint["key"], errors);
            var wrong = string.Join(';', Names.LabelValue(taint["value"].Text));
            if (wrong.Length > 0) errors.Invalid(taint["value"], taint["value"].Text, wrong);
            if (taint["effect"].Text.Length == 0) errors.Required(taint["effect"]);
            else TolerationValidation.CheckEffect(taint["effect"], errors);
            if (!seen.Add((taint["key"].Text, taint["effect"].Text))) errors.Duplicate(taint, taint.Node, "taints must be unique by key and effect pair");
        }
    }
}
