using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Events;

/// <summary>Checks <c>core/v1 Event</c>. One with an eventTime comes through the newer API and must say more.</summary>
internal static class EventValidation
{
    private const int MostCharacters = 128;
    private const int MostNoteCharacters = 1024;

    public static void Validate(Field obj, FieldErrors errors)
    {
        var @namespace = obj["metadata"]["namespace"].Text;
        var involved = obj["involvedObject"]["namespace"];
        var isNew = obj["eventTime"].Exists;
        // Events about what is in no namespace live in default.
        var agrees = involved.Text.Length > 0 ? isNew || involved.Text == @namespace
            : @namespace == "default" || (isNew && @namespace == "kube-system");
        if (!agrees) errors.Invalid(involved, involved.Text, "does not match event.namespace");
        if (!isNew) return;

        var component = obj["reportingComponent"];
        if (component.Text.Length == 0) errors.Required(component);
        Checks.QualifiedName(component, errors);
        foreach (var name in (string[])["reportingInstance", "action", "reason"])
        {
            if (obj[name].Text.Length == 0) errors.Required(obj[name]);
            else if (obj[name].Text.Length > MostCharacters) errors.Invalid(obj[name], "", $"can have at most {MostCharacters} characters");
        }
        if (obj["message"].Text.Length > MostNoteCharacters) errors.Invalid(obj["message"], "", $"can have at most {MostNoteCharacters} characters");
    }
}
