using System.Security.Cryptography;
using System.Text;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Networking.Kernel;

/// <summary>Names in the table: a hash that makes them unique, then words for whoever reads <c>nft list ruleset</c>.</summary>
internal static class ChainNames
{
    // The kernel allows 127 characters.
    private const int Longest = 120;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary><c>KIND-HASH-namespace/service/protocol/port</c>.</summary>
    public static string Of(string kind, ObjectKey service, ServicePortView port)
    {
        var words = $"{service.Namespace}/{service.Name}/{port.Protocol}/{port.Name}".TrimEnd('/');
        var name = $"{kind}-{Hash(words)}-{words}";
        return name.Length <= Longest ? name : name[..Longest];
    }

    /// <summary>The name of what belongs to a single endpoint of the port.</summary>
    public static string Of(string kind, ObjectKey service, ServicePortView port, EndpointView endpoint) =>
        Of($"{kind}-{Hash($"{endpoint.Address} {endpoint.Port}")}", service, port);

    private static string Hash(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        return string.Create(8, hash[..8].ToArray(), static (span, bytes) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = Alphabet[bytes[i] & 31];
        });
    }
}
