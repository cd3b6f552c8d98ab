using System.Collections.Concurrent;

namespace ActorOrch.Gateway.Forms;

/// <summary>One clause of an <c>Accept</c> header.</summary>
internal sealed record AcceptClause(string Type, double Quality, IReadOnlyDictionary<string, string> Parameters)
{
    public string this[string parameter] => Parameters.GetValueOrDefault(parameter, "");

    public bool Covers(string served) =>
        Type == served || Type == "*/*" || (Type.EndsWith("/*", StringComparison.Ordinal) && served.StartsWith(Type[..^1], StringComparison.Ordinal));
}

/// <summary>Reads <c>Accept</c> headers (RFC 9110, section 12.5.1).</summary>
internal static class AcceptHeader
{
    // Programs send one header all their life, and there are few programs.
    private const int MostRemembered = 256;

    private static readonly ConcurrentDictionary<string, AcceptClause[]> Remembered = new(StringComparer.Ordinal);

    /// <summary>The clauses, most wanted first; of equally wanted ones the earlier.</summary>
    public static IReadOnlyList<AcceptClause> Parse(string accept)
    {
        if (Remembered.TryGetValue(accept, out var known)) return known;
        var clauses = accept.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(ParseClause)
            .Where(c => c.Quality > 0)
            .OrderByDescending(c => c.Quality)
            .ToArray();
        if (Remembered.Count < MostRemembered) Remembered[accept] = clauses;
        return clauses;
    }

    /// <summary>The type of a <c>Content-Type</c> header, without its parameters.</summary>
    public static string Bare(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType)) return "";
        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType : contentType[..end]).Trim().ToLowerInvariant();
    }

    private static AcceptClause ParseClause(string clause)
    {
        var parts = clause.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) parameters[part[..equals].Trim()] = part[(equals + 1)..].Trim().Trim('"');
        }
        var quality = parameters.TryGetValue("q", out var q)
            && double.TryParse(q, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : 1;
        return new(parts.Length == 0 ? "" : parts[0].ToLowerInvariant(), quality, parameters);
    }
}
