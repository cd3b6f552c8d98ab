using System.Text.RegularExpressions;

namespace ActorOrch.Resources.Kinds;

/// <summary>The syntax of names, labels and their like, with upstream's messages. Each method returns what is wrong, or nothing.</summary>
public static partial class Names
{
    private const string SubdomainMessage =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string LabelMessage =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string Label1035Message =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

    private const string QualifiedMessage =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    private const string LabelValueMessage =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    /// <summary>A DNS-1123 subdomain, at most 253 bytes. With <paramref name="prefix"/>, the start of one (generateName).</summary>
    public static IEnumerable<string> Dns1123Subdomain(string name, bool prefix = false) => Check(Mask(name, prefix), 253, Subdomain(), SubdomainMessage);

    /// <summary>A DNS-1123 label, at most 63 bytes.</summary>
    public static IEnumerable<string> Dns1123Label(string name, bool prefix = false) => Check(Mask(name, prefix), 63, Label(), LabelMessage);

    /// <summary>A DNS-1035 label, at most 63 bytes.</summary>
    public static IEnumerable<string> Dns1035Label(string name, bool prefix = false) => Check(Mask(name, prefix), 63, Label1035(), Label1035Message);

    /// <summary>A label's value: empty, or at most 63 bytes.</summary>
    public static IEnumerable<string> LabelValue(string value) => Check(value, 63, LabelValuePattern(), LabelValueMessage);

    /// <summary>What may be a part of a path. With <paramref name="prefix"/>, the start of one (generateName).</summary>
    public static IEnumerable<string> PathSegment(string name, bool prefix = false)
    {
        if (!prefix && name is ("." or "..")) yield return $"may not be '{name}'";
        foreach (var mark in (char[])['/', '%'])
            if (name.Contains(mark)) yield return $"may not contain '{mark}'";
    }

    /// <summary>A label's or annotation's key: an optional DNS prefix, a slash, a name of at most 63 bytes.</summary>
    public static IEnumerable<string> QualifiedName(string key)
    {
        var parts = key.Split('/');
        if (parts.Length > 2)
        {
            yield return "a qualified name " + QualifiedMessage["name part ".Length..] + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            yield break;
        }
        if (parts.Length == 2)
        {
            if (parts[0].Length == 0) yield return "prefix part must be non-empty";
            else foreach (var error in Dns1123Subdomain(parts[0])) yield return "prefix part " + error;
        }
        var name = parts[^1];
        if (name.Length == 0) yield return "name part must be non-empty";
        else if (name.Length > 63) yield return "name part must be no more than 63 bytes";
        if (!Qualified().IsMatch(name)) yield return QualifiedMessage;
    }

    // A prefix may end in the separator that the generated suffix follows.
    private static string Mask(string name, bool prefix) => prefix && name.EndsWith('-') ? name[..^1] + "a" : name;

    private static IEnumerable<string> Check(string value, int most, Regex pattern, string message)
    {
        if (value.Length > most) yield return $"must be no more than {most} bytes";
        if (!pattern.IsMatch(value)) yield return message;
    }

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"\A[a-z]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label1035();

    [GeneratedRegex(@"\A(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])\z")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"\A(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z")]
    private static partial Regex LabelValuePattern();
}
