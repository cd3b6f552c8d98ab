using System.Net;
using System.Net.Sockets;

namespace ActorOrch.Resources.Addressing;

/// <summary>
/// An IP address out of an object or a request, in the one notation that everyone reads alike: no zone, no port, no brackets, four decimal
/// parts without leading zeros. Whatever is written, whom it reaches is judged by where its packets go: an IPv4 address stays what it is inside
/// of an IPv6 one.
/// </summary>
public readonly record struct NetworkAddress
{
    // The longest text that an address has: ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255.
    private const int LongestText = 45;

    // Clouds' metadata services outside of the link-local ranges, by their vendors' documents.
    private static readonly HashSet<IPAddress> MetadataServices =
    [
        IPAddress.Parse("100.100.100.200"), IPAddress.Parse("168.63.129.16"), IPAddress.Parse("192.0.0.192"), IPAddress.Parse("fd00:ec2::254"), IPAddress.Parse("fd20:ce::254"),
    ];

    private NetworkAddress(IPAddress value)
    {
        Value = value;
        Scope = ScopeOf(Embedded(value) ?? value);
    }

    /// <summary>As it is written.</summary>
    public IPAddress Value { get; }

    public AddressScope Scope { get; }

    /// <summary>Whether it is one that a pod, a node or a load balancer can have, and that may be connected to for others.</summary>
    public bool IsUnicast => Scope == AddressScope.Unicast;

    public AddressFamily Family => Value.AddressFamily;

    /// <summary>Whether it is an IPv4 address written as an IPv6 one (<c>::ffff:10.0.0.1</c>).</summary>
    public bool IsMapped => Value.IsIPv4MappedToIPv6;

    /// <summary>False for any other notation, those included that .NET or the C library would guess at: octal, short and hexadecimal forms, zones.</summary>
    public static bool TryParse(string? text, out NetworkAddress address)
    {
        address = default;
        if (string.IsNullOrEmpty(text) || text.Length > LongestText) return false;
        var colon = text.LastIndexOf(':');
        if (text.AsSpan(colon + 1).Contains('.') && !IsDottedQuad(text.AsSpan(colon + 1))) return false;
        if (colon < 0 ? !text.Contains('.') : text.AsSpan().ContainsAnyExcept("0123456789abcdefABCDEF:.")) return false;
        if (!IPAddress.TryParse(text, out var parsed)) return false;
        address = new(parsed);
        return true;
    }

    /// <summary>As in a URL: an IPv6 address in brackets.</summary>
    public string ToHost() => Family == AddressFamily.InterNetworkV6 ? $"[{Value}]" : Value.ToString();

    public override string ToString() => Value?.ToString() ?? "";

    private static bool IsDottedQuad(ReadOnlySpan<char> text)
    {
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (++parts > 4 || part.Length is 0 or > 3 || part.ContainsAnyExceptInRange('0', '9')) return false;
            if (part.Length > 1 && part[0] == '0') return false;
            if (!byte.TryParse(part, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _)) return false;
        }
        return parts == 4;
    }

    /// <summary>The IPv4 address that packets to an IPv6 one end at; null where it is no such form.</summary>
    private static IPAddress? Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return null;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return bytes switch
        {
            // Mapped (RFC 4291), translated as SIIT writes it (RFC 2765), compatible (RFC 4291) but for :: and ::1.
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ..] or [0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, ..] => new(bytes[12..]),
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 or 1] => null,
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ..] => new(bytes[12..]),
            // NAT64's well-known prefix and its local ones (RFC 6052, RFC 8215).
            [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, ..] or [0, 0x64, 0xff, 0x9b, 0, 1, ..] => new(bytes[12..]),
            // 6to4 (RFC 3056).
            [0x20, 0x02, ..] => new(bytes[2..6]),
            _ => null,
        };
    }

    private static AddressScope ScopeOf(IPAddress address)
    {
        if (MetadataServices.Contains(address)) return AddressScope.Metadata;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return bytes[..length] switch
        {
            [0, _, _, _] => AddressScope.Unspecified,
            [127, _, _, _] => AddressScope.Loopback,
            [169, 254, _, _] => AddressScope.LinkLocal,
            [224, 0, 0, _] => AddressScope.LinkLocalMulticast,
            [>= 224 and < 240, _, _, _] => AddressScope.Multicast,
            [>= 240, _, _, _] => AddressScope.Reserved,
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] => AddressScope.Unspecified,
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1] => AddressScope.Loopback,
            [0xfe, >= 0x80 and < 0xc0, ..] => AddressScope.LinkLocal,
            [0xff, var scope, ..] when (scope & 0x0f) <= 2 => AddressScope.LinkLocalMulticast,
            [0xff, ..] => AddressScope.Multicast,
            _ => AddressScope.Unicast,
        };
    }
}
