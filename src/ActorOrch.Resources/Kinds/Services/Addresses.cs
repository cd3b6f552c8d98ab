using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ActorOrch.Resources;

/// <summary>Checks of IP addresses and ranges.</summary>
internal static class Addresses
{
    public const string CidrSyntax = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    public static AddressFamily Family(string text) => Checks.TryIP(text, out var ip) ? ip.AddressFamily : AddressFamily.Unknown;

    public static bool IsCidr(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && Checks.TryIP(text[..slash], out var ip)
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            && bits <= (ip.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32);
    }

    /// <summary>Addresses that mean something else on every machine cannot be reached from afar.</summary>
    public static void NotSpecial(Field field, FieldErrors errors)
    {
        if (!Checks.TryIP(field.Text, out var ip))
        {
            errors.Invalid(field, field.Text, "must be a valid IP address");
            return;
        }
        if (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)) errors.Invalid(field, $"may not be unspecified ({field.Text})");
        if (IPAddress.IsLoopback(ip)) errors.Invalid(field, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
        var bytes = ip.GetAddressBytes();
        if (ip.IsIPv6LinkLocal || (bytes.Length == 4 && bytes[0] == 169 && bytes[1] == 254))
            errors.Invalid(field, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        if ((bytes.Length == 4 && bytes[0] == 224 && bytes[1] == 0 && bytes[2] == 0) || (bytes.Length == 16 && bytes[0] == 0xff && (bytes[1] & 0x0f) == 2))
            errors.Invalid(field, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
    }
}
