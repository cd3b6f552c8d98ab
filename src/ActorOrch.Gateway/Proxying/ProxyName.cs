using ActorOrch.Resources;

namespace ActorOrch.Gateway;

/// <summary>What the name in the URL of a <c>proxy</c> subresource says: <c>NAME</c>, <c>NAME:PORT</c> or <c>SCHEME:NAME:PORT</c>.</summary>
/// <param name="Port">A number or, of a service, a port's name; empty where it is left to the object.</param>
internal sealed record ProxyName(string Scheme, string Name, string Port)
{
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
        if (name is not { Name.Length: > 0, Scheme: "" or "http" or "https" }) throw ApiException.BadRequest($"invalid {kind} request \"{text}\"");
        return name.Scheme.Length == 0 ? name with { Scheme = "http" } : name;
    }
}
