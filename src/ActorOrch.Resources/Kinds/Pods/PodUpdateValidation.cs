using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>What an update may change of a pod's spec: images, the deadline, tolerations, scheduling gates; nothing else.</summary>
internal static class PodUpdateValidation
{
    private const string Updatable =
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    private static readonly string[] CheckedApart = ["activeDeadlineSeconds", "tolerations", "schedulingGates"];

    public static void Validate(Field spec, Field old, FieldErrors errors)
    {
        foreach (var list in (string[])["containers", "initContainers"])
            if (spec[list].Items.Count() != old[list].Items.Count())
            {
                errors.Forbidden(spec[list], "pod updates may not add or remove containers");
                return;
            }
        if (!CheckDeadline(spec["activeDeadlineSeconds"], old["activeDeadlineSeconds"], errors)) return;
        TolerationValidation.ValidateUpdate(spec["tolerations"], old["tolerations"], errors);
        CheckGates(spec["schedulingGates"], old["schedulingGates"], errors);
        if (JsonNode.DeepEquals(spec.Node, old.Node)) return;

        var (munged, before) = ((JsonObject)spec.Node!.DeepClone(), (JsonObject)old.Node!);
        TakeOver(munged, before);
        if (old["schedulingGates"].Node is JsonArray { Count: > 0 }) CheckNodeSelector(spec["nodeSelector"], old["nodeSelector"], munged, before, errors);
        if (!JsonNode.DeepEquals(munged, before)) errors.Forbidden(spec, $"{Updatable}\n{JsonDifference.Print(before, munged)}");
    }

    // What may change is taken from the old spec; the rest must then be equal.
    private static void TakeOver(JsonObject munged, JsonObject before)
    {
        foreach (var list in (string[])["containers", "initContainers"])
            foreach (var (container, was) in munged.Objects(list).Zip(before.Objects(list))) Copy(was, container, "image");
        foreach (var name in CheckedApart) Copy(before, munged, name);
        if (before.Integer("terminationGracePeriodSeconds") < 0 && munged.Integer("terminationGracePeriodSeconds") == 1)
            Copy(before, munged, "terminationGracePeriodSeconds");
    }

    private static bool CheckDeadline(Field deadline, Field old, FieldErrors errors)
    {
        if (deadline.Integer is not { } seconds)
        {
            if (old.Exists) errors.Invalid(deadline, "must not update from a positive integer to nil value");
            return true;
        }
        if (seconds is < 0 or > int.MaxValue) errors.Invalid(deadline, $"must be between 0 and {int.MaxValue}, inclusive");
        else if (old.Integer < seconds) errors.Invalid(deadline, "must be less than or equal to previous value");
        else return true;
        return false;
    }

    private static void CheckGates(Field gates, Field old, FieldErrors errors)
    {
        var known = old.Items.Select(o => o["name"].Text).ToHashSet();
        foreach (var gate in gates.Items)
            if (!known.Contains(gate["name"].Text))
                errors.Forbidden(gate["name"], $"only deletion is allowed, but found new scheduling gate '{gate["name"].Text}'");
    }

    // While gates hold a pod back, its choice of nodes may still become narrower.
    private static void CheckNodeSelector(Field selector, Field old, JsonObject munged, JsonObject before, FieldErrors errors)
    {
        if (old.Entries.Any(e => selector.Key(e.Key).Text != e.Value.Text))
            errors.Invalid(selector, GoLiteral.Map(selector.Node as JsonObject), "only additions to spec.nodeSelector are allowed (no mutations or deletions)");
        Copy(before, munged, "nodeSelector");
    }

    private static void Copy(JsonObject from, JsonObject to, string name)
    {
        if (from[name] is { } value) to[name] = value.DeepClone();
        else to.Remove(name);
    }
}
