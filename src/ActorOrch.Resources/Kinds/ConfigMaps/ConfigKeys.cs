using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.ConfigMaps;

/// <summary>The keys of ConfigMaps and Secrets: each must do as a file's name.</summary>
internal static partial class ConfigKeys
{
    private const string Syntax =
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

    public static void Check(Field place, string key, FieldErrors errors)
    {
        if (key.Length > 253) errors.Invalid(place, key, "must be no more than 253 characters");
        if (!Pattern().IsMatch(key)) errors.Invalid(place, key, Syntax);
        if (key == ".") errors.Invalid(place, key, "must not be '.'");
        else if (key == "..") errors.Invalid(place, key, "must not be '..'");
        else if (key.StartsWith("..", StringComparison.Ordinal)) errors.Invalid(place, key, "must not start with '..'");
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"\A[-._a-zA-Z0-9]+\z")]
    private static partial System.Text.RegularExpressions.Regex Pattern();
}
