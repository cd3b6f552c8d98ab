using ActorOrch.Resources.Addressing;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds;

/// <summary>Checks that many kinds make alike, with upstream's messages.</summary>
internal static partial class Checks
{
    public const string NotNegative = "must be greater than or equal to 0";
    public const string PortRange = "must be between 1 and 65535, inclusive";

    /// <summary>A required word out of a set; the message lists the set in its own order.</summary>
    public static void OneOf(Field field, string[] supported, FieldErrors errors)
    {
        if (field.Text.Length == 0) errors.Required(field);
        else if (!supported.Contains(field.Text)) errors.NotSupported(field, supported);
    }

    public static void NonNegative(Field field, FieldErrors errors)
    {
        if (field.Integer is < 0) errors.Invalid(field, NotNegative);
    }

    /// <summary>A name, where there is one.</summary>
    public static void Name(Field field, Func<string, bool, IEnumerable<string>> syntax, FieldErrors errors)
    {
        if (field.Text.Length == 0) return;
        foreach (var wrong in syntax(field.Text, false)) errors.Invalid(field, wrong);
    }

    public static void QualifiedName(Field field, FieldErrors errors)
    {
        foreach (var wrong in Names.QualifiedName(field.Text)) errors.Invalid(field, field.Text, wrong);
    }

    public static bool IsPort(long? number) => number is >= 1 and <= 65535;

    /// <summary>A port's number, or its IANA service name.</summary>
    public static void PortNumberOrName(Field port, FieldErrors errors)
    {
        if (port.Integer is { } number)
        {
            if (!IsPort(number)) errors.Invalid(port, PortRange);
        }
        else if (port.Exists) PortName(port, errors);
        else errors.Invalid(port, 0, PortRange);
    }

    /// <summary>An IANA service name (RFC 6335, section 5.1), of at most 15 characters. Returns whether it is one.</summary>
    public static bool PortName(Field field, FieldErrors errors)
    {
        var name = field.Text;
        var wrong = errors.Count;
        if (name.Length > 15) errors.Invalid(field, name, "must be no more than 15 characters");
        if (name.Any(c => !(char.IsAsciiLetterOrDigit(c) && !char.IsAsciiLetterUpper(c)) && c != '-'))
            errors.Invalid(field, name, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        if (!name.Any(char.IsAsciiLetterLower)) errors.Invalid(field, name, "must contain at least one letter (a-z)");
        if (name.Contains("--", StringComparison.Ordinal)) errors.Invalid(field, name, "must not contain consecutive hyphens");
        if (name.StartsWith('-') || name.EndsWith('-')) errors.Invalid(field, name, "must not begin or end with a hyphen");
        return errors.Count == wrong;
    }

    public static void IP(Field field, FieldErrors errors)
    {
        if (!NetworkAddress.TryParse(field.Text, out var address)) errors.Invalid(field, field.Text, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        else if (address.IsMapped) errors.Invalid(field, field.Text, "must not be an IPv4-mapped IPv6 address");
    }

    /// <summary>A path within a volume: relative, and never upwards.</summary>
    public static void DescendingPath(Field field, FieldErrors errors)
    {
        if (field.Text.StartsWith('/')) errors.Invalid(field, "must be a relative path");
        NoBacksteps(field, errors);
    }

    public static void NoBacksteps(Field field, FieldErrors errors)
    {
        if (field.Text.Split('/').Contains("..")) errors.Invalid(field, "must not contain '..'");
    }
}
