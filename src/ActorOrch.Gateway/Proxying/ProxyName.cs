using System.Globalization;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Proxying;

/// <summary>What the name in the URL of a <c>proxy</c> subresource says: <c>NAME</c>, <c>NAME:PORT</c> or <c>SCHEME:NAME:PORT</c>.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Name">An object's name.</param>
/// <param name="Port">A number or a port's name; empty where it is left to the object. Nothing that could be more than a port in a URL.</param>
internal sealed record ProxyName(string Scheme, string Name, string Port)
{
    private const int LongestPortName = 63;

    /// <summary>Throws 400 for any other form.</summary>
    /// <param name="kind">As the message names it: <c>pod</c>.</param>
    public static ProxyName Parse(string text, string kind)
    {
        var parts = text.Split(':');
        var name = parts switch
        {
            [var only] => new ProxyName("", only, ""),
            [var left, var port] => new("", left, port),
            [var scheme, var middle, var port] => new(scheme, middle, port),
            _ => null,
        };
        if (name is not { Name.Length: > 0, Scheme: "" or "http" or "https" } || !IsPort(name.Port)) throw ApiException.BadRequest($"invalid {kind} request \"{text}\"");
        return name.Scheme.Length == 0 ? name with { Scheme = "http" } : name;
    }

    /// <summary>The port's number; null where it is a name.</summary>
    public static int? Number(string port) =>
        int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // A number, or a label: neither has a character that means something in a URL's authority.
    private static bool IsPort(string port)
    {
        if (port.Length == 0) return true;
        if (port.All(char.IsAsciiDigit)) return Number(port) is >= 1 and <= 65535;
        return port.Length <= LongestPortName && port[0] != '-' && port[^1] != '-' && port.All(c => char.IsAsciiLetterOrDigit(c) || c is '-');
    }
}
