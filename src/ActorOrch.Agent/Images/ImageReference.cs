using System.Text.RegularExpressions;

namespace ActorOrch.Agent.Images;

/// <summary>
/// The grammar of image references (the distribution project's "reference" package): <c>[HOST[:PORT]/]PATH[:TAG][@DIGEST]</c>. Each pattern
/// goes over its text once: what may follow a part never is a part of it. Pure.
/// </summary>
internal static partial class ImageReference
{
    private const int LongestName = 255;
    private const string DefaultHost = "docker.io";
    private const string InvalidFormat = "invalid reference format";

    /// <summary>Why no registry can know an image by this name, in upstream's words; null where one may.</summary>
    public static string? Fault(string image)
    {
        if (Identifier().IsMatch(image)) return $"invalid repository name ({image}), cannot specify 64-byte hexadecimal strings";
        var (host, rest) = Split(image);
        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        var path = colon < 0 ? rest : rest[..colon];
        if (path.Any(char.IsUpper)) return $"{InvalidFormat}: repository name ({path}) must be lowercase";
        var match = Whole().Match($"{host}/{rest}");
        if (!match.Success) return InvalidFormat;
        if (match.Groups["name"].Length > LongestName) return $"repository name must not be more than {LongestName} characters";
        return match.Groups["digest"] is { Success: true, Value: var digest } ? DigestFault(digest) : null;
    }

    /// <summary>What stands before the first slash is a host only where it looks like one; else the whole is a path of Docker's own registry.</summary>
    private static (string Host, string Remainder) Split(string image)
    {
        var slash = image.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return (DefaultHost, $"library/{image}");
        var first = image[..slash];
        var isHost = first.AsSpan().ContainsAny('.', ':') || first == "localhost" || first.Any(char.IsUpper);
        if (!isHost) return (DefaultHost, image);
        var rest = image[(slash + 1)..];
        if (first is not (DefaultHost or "index.docker.io")) return (first, rest);
        return (DefaultHost, rest.Contains('/', StringComparison.Ordinal) ? rest : $"library/{rest}");
    }

    private static string? DigestFault(string digest)
    {
        var colon = digest.IndexOf(':', StringComparison.Ordinal);
        var length = digest[..colon] switch
        {
            "sha256" => 64,
            "sha384" => 96,
            "sha512" => 128,
            _ => 0,
        };
        if (length == 0) return "unsupported digest algorithm";
        var hex = digest.AsSpan(colon + 1);
        if (hex.Length != length) return "invalid checksum digest length";
        return hex.ContainsAnyInRange('A', 'F') ? "invalid checksum digest format" : null;
    }

    [GeneratedRegex(@"\A[a-f0-9]{64}\z")]
    private static partial Regex Identifier();

    [GeneratedRegex("""
        \A
        (?<name>
          (?: [a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])? (?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)* | \[[a-fA-F0-9:]+\] )
          (?: :[0-9]+ )?
          (?: / [a-z0-9]+ (?: (?:[._]|__|-+) [a-z0-9]+ )* )+
        )
        (?: : [A-Za-z0-9_][A-Za-z0-9_.-]{0,127} )?
        (?: @ (?<digest> [A-Za-z][A-Za-z0-9]* (?: [-_+.][A-Za-z][A-Za-z0-9]* )* : [0-9a-fA-F]{32,} ) )?
        \z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Whole();
}
