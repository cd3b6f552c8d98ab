using System.Globalization;
using System.Net.Sockets;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Addressing;

/// <summary>Checks of IP addresses and ranges.</summary>
internal static class Addresses
{
    public const string CidrSyntax = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    public static AddressFamily Family(string text) => NetworkAddress.TryParse(text, out var address) ? address.Family : AddressFamily.Unknown;

    public static bool IsCidr(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && NetworkAddress.TryParse(text[..slash], out var address)
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            && bits <= (address.Family == AddressFamily.InterNetworkV6 ? 128 : 32);
    }

    /// <summary>Addresses that mean something else on every machine cannot be reached from afar.</summary>
    public static void NotSpecial(Field field, FieldErrors errors)
    {
        if (!NetworkAddress.TryParse(field.Text, out var address)) errors.Invalid(field, field.Text, "must be a valid IP address");
        else if (WhyNot(address, field.Text) is { } why) errors.Invalid(field, why);
    }

    private static string? WhyNot(NetworkAddress address, string text) => address.Scope switch
    {
        AddressScope.Unspecified => $"may not be unspecified ({text})",
        AddressScope.Loopback => "may not be in the loopback range (127.0.0.0/8, ::1/128)",
        AddressScope.LinkLocal => "may not be in the link-local range (169.254.0.0/16, fe80::/10)",
        AddressScope.LinkLocalMulticast => "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)",
        AddressScope.Multicast => "may not be in the multicast range (224.0.0.0/4, ff00::/8)",
        AddressScope.Reserved => "may not be in the reserved range (240.0.0.0/4)",
        AddressScope.Metadata => $"may not be the address of a cloud's metadata service ({text})",
        AddressScope.Unicast when address.IsMapped => "must not be an IPv4-mapped IPv6 address",
        AddressScope.Unicast => null,
        _ => throw new InvalidOperationException($"unknown scope {address.Scope}"),
    };
}
