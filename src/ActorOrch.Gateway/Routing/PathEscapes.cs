using System.Buffers;
using System.Text;
using System.Text.Unicode;
using ActorOrch.Gateway.Answers;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Routing;

/// <summary>The parts of a path that need a second look: those with escapes, and those that go upwards.</summary>
internal static class PathEscapes
{
    /// <summary>Whether a part, or a path of several, may mean something else than it says.</summary>
    public static bool Has(ReadOnlySpan<char> path)
    {
        if (path.Contains('%')) return true;
        var dot = path.IndexOf('.');
        // A dot within a name, as groups have it, is none that goes anywhere.
        while (dot >= 0)
        {
            if (dot == 0 || path[dot - 1] == '/') return true;
            var next = path[(dot + 1)..].IndexOf('.');
            dot = next < 0 ? -1 : dot + 1 + next;
        }
        return false;
    }

    /// <summary>A part without its escapes. Throws 400 where they are no UTF-8 text, 404 where the part would be more than one or go upwards.</summary>
    public static string Decode(ReadOnlySpan<char> part)
    {
        var text = part.Contains('%') ? Unescape(part) : part.ToString();
        if (text is "." or ".." || text.AsSpan().ContainsAny('/', '\\')) throw Failures.UnknownPath();
        return text.Any(char.IsControl) ? throw Malformed(part) : text;
    }

    private static string Unescape(ReadOnlySpan<char> part)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(part.Length)];
        var length = 0;
        for (var rest = part; rest.Length > 0;)
        {
            if (rest[0] != '%')
            {
                var plain = rest.IndexOf('%');
                if (plain < 0) plain = rest.Length;
                length += Encoding.UTF8.GetBytes(rest[..plain], bytes.AsSpan(length));
                rest = rest[plain..];
                continue;
            }
            if (rest.Length < 3 || Convert.FromHexString(rest[1..3], bytes.AsSpan(length), out _, out var written) != OperationStatus.Done || written != 1) throw Malformed(part);
            length++;
            rest = rest[3..];
        }
        return Utf8.IsValid(bytes.AsSpan(0, length)) ? Encoding.UTF8.GetString(bytes, 0, length) : throw Malformed(part);
    }

    private static ApiException Malformed(ReadOnlySpan<char> part) => ApiException.BadRequest($"invalid URL escape \"{part}\"");
}
