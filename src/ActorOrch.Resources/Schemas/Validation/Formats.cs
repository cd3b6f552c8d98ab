using System.Buffers.Text;
using System.Collections.Frozen;
using System.Globalization;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using ActorOrch.Resources.Addressing;
using ActorOrch.Resources.Quantities;

namespace ActorOrch.Resources.Schemas.Validation;

/// <summary>The formats that upstream's API server checks, each as it reads it.</summary>
internal static partial class Formats
{
    private static readonly FrozenDictionary<string, Func<string, bool>> OfText = new Dictionary<string, Func<string, bool>>
    {
        ["bsonobjectid"] = text => text.Length == 24 && text.All(char.IsAsciiHexDigit),
        ["uri"] = RequestUri.IsValid,
        ["email"] = text => MailAddress.TryCreate(text, out var address) && address.Address.Length > 0,
        ["hostname"] = HostName.IsValid,
        ["ipv4"] = text => NetworkAddress.TryParse(text, out _) && text.Contains('.'),
        ["ipv6"] = text => NetworkAddress.TryParse(text, out var address) && address.Family == AddressFamily.InterNetworkV6,
        ["cidr"] = Addresses.IsCidr,
        ["mac"] = text => Mac().IsMatch(text),
        ["uuid"] = text => Uuid().IsMatch(text),
        ["uuid3"] = text => Uuid3().IsMatch(text),
        ["uuid4"] = text => Uuid4().IsMatch(text),
        ["uuid5"] = text => Uuid5().IsMatch(text),
        ["isbn"] = text => CheckDigits.IsIsbn10(text) || CheckDigits.IsIsbn13(text),
        ["isbn10"] = CheckDigits.IsIsbn10,
        ["isbn13"] = CheckDigits.IsIsbn13,
        ["creditcard"] = CheckDigits.IsCreditCard,
        ["ssn"] = text => text.Length == 11 && SocialSecurity().IsMatch(text),
        ["hexcolor"] = text => HexColor().IsMatch(text),
        ["rgbcolor"] = text => RgbColor().IsMatch(text),
        ["byte"] = text => text.Length > 0 && Base64.IsValid(text) && !text.AsSpan().ContainsAny(" \t\r\n"),
        ["password"] = _ => true,
        ["date"] = IsDate,
        ["duration"] = GoDuration.IsValid,
        ["datetime"] = IsDateTime,
        ["quantity"] = text => Quantity.TryParse(text, out _),
        ["k8sshortname"] = text => text.Length <= 63 && Label().IsMatch(text),
        ["k8slongname"] = text => text.Length <= 253 && Subdomain().IsMatch(text),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether a format means anything for values of the types; without types it may be one of strings.</summary>
    public static bool Applies(string format, IReadOnlyList<string> types) => types switch
    {
        [] or ["string"] => OfText.ContainsKey(Plain(format)),
        ["integer"] => format is "int32" or "int64",
        ["number"] => format is "float" or "double",
        _ => false,
    };

    /// <summary>Whether a text has a format of strings; any text has another.</summary>
    public static bool IsValid(string format, string text) => !OfText.TryGetValue(Plain(format), out var isValid) || isValid(text);

    private static string Plain(string format) => format.Replace("-", "", StringComparison.Ordinal);

    private static bool IsDate(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsDateTime(string text) => text.Split('t', 'T') is [var date, var time, ..] && IsDate(date) && TimeOfDay().IsMatch(time);

    [GeneratedRegex(@"\A([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?([zZ]|[+-]\d{2}:\d{2})\z", RegexOptions.ECMAScript)]
    private static partial Regex TimeOfDay();

    [GeneratedRegex(@"\A([0-9a-fA-F]{2}([:-])[0-9a-fA-F]{2}(\2[0-9a-fA-F]{2}){4}((\2[0-9a-fA-F]{2}){2}|(\2[0-9a-fA-F]{2}){14})?|[0-9a-fA-F]{4}(\.[0-9a-fA-F]{4}){2}((\.[0-9a-fA-F]{4})|(\.[0-9a-fA-F]{4}){7})?)\z")]
    private static partial Regex Mac();

    [GeneratedRegex(@"\A[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}\z")]
    private static partial Regex Uuid();

    [GeneratedRegex(@"\A[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?3[0-9a-fA-F]{3}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}\z")]
    private static partial Regex Uuid3();

    [GeneratedRegex(@"\A[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?4[0-9a-fA-F]{3}-?[89abAB][0-9a-fA-F]{3}-?[0-9a-fA-F]{12}\z")]
    private static partial Regex Uuid4();

    [GeneratedRegex(@"\A[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?5[0-9a-fA-F]{3}-?[89abAB][0-9a-fA-F]{3}-?[0-9a-fA-F]{12}\z")]
    private static partial Regex Uuid5();

    [GeneratedRegex(@"\A[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}\z")]
    private static partial Regex SocialSecurity();

    [GeneratedRegex(@"\A#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\z")]
    private static partial Regex HexColor();

    [GeneratedRegex(@"\Argb\([ \t]*(0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])[ \t]*(,[ \t]*(0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])[ \t]*){2}\)\z")]
    private static partial Regex RgbColor();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();
}
