using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds;

/// <summary>Checks <c>meta/v1 LabelSelector</c>.</summary>
internal static class LabelSelectorValidation
{
    public static void Validate(Field selector, FieldErrors errors)
    {
        ObjectMetaValidation.CheckLabels(selector["matchLabels"], errors);
        foreach (var requirement in selector["matchExpressions"].Items)
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
                default:
                    errors.Invalid(requirement["operator"], requirement["operator"].Text, "not a valid selector operator");
                    break;
            }
            Checks.QualifiedName(requirement["key"], errors);
            foreach (var value in values.Items)
                foreach (var wrong in Names.LabelValue(value.Text)) errors.Invalid(value, wrong);
        }
    }

    public static bool IsEmpty(Field selector) =>
        selector["matchLabels"].Node is not JsonObject { Count: > 0 } && selector["matchExpressions"].Node is not JsonArray { Count: > 0 };

    /// <summary>Whether the labels are what a selector that is valid asks for.</summary>
    public static bool Matches(Field selector, Field labels)
    {
        foreach (var (key, value) in selector["matchLabels"].Entries)
            if (!labels[key].Exists || labels[key].Text != value.Text) return false;
        foreach (var requirement in selector["matchExpressions"].Items)
        {
            var label = labels[requirement["key"].Text];
            var isListed = label.Exists && requirement["values"].Items.Any(v => v.Text == label.Text);
            var matches = requirement["operator"].Text switch
            {
                "In" => isListed,
                "NotIn" => !isListed,
                "Exists" => label.Exists,
                "DoesNotExist" => !label.Exists,
                _ => false,
            };
            if (!matches) return false;
        }
        return true;
    }
}
