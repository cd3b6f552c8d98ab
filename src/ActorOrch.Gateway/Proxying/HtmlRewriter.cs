using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace ActorOrch.Gateway.Proxying;

/// <summary>
/// Rewrites the links in an HTML document that streams by. Whatever is not a link's value passes byte by byte as it came: the text is read
/// as Latin-1, which every encoding of HTML agrees with where markup is concerned.
/// </summary>
internal sealed class HtmlRewriter(Func<string, string> rewrite)
{
    /// <summary>A tag whose end is not found within so many characters is passed on as it is.</summary>
    private const int LongestTag = 64 * 1024;

    private static readonly FrozenSet<string> LinkAttributes = FrozenSet.ToFrozenSet(
        [
            "action", "background", "cite", "classid", "codebase", "data", "formaction", "href", "icon", "longdesc", "manifest", "poster",
            "profile", "src", "usemap",
        ], StringComparer.OrdinalIgnoreCase);

    // What stands in these is text, whatever it looks like.
    private static readonly FrozenSet<string> TextElements = FrozenSet.ToFrozenSet(["script", "style", "textarea", "title"], StringComparer.OrdinalIgnoreCase);

    private string _held = "";

    // Set while markup means nothing: in a comment or a text element, until this.
    private string? _until;

    /// <summary>Writes what is certain by now; the start of an unfinished tag waits for the rest.</summary>
    public void Write(ReadOnlySpan<byte> chunk, IBufferWriter<byte> output)
    {
        var text = _held + Encoding.Latin1.GetString(chunk);
        var at = Rewrite(text, output);
        if (text.Length - at > LongestTag)
        {
            Emit(text.AsSpan(at), output);
            at = text.Length;
        }
        _held = text[at..];
    }

    /// <summary>Writes what was still waiting.</summary>
    public void Complete(IBufferWriter<byte> output)
    {
        Emit(_held, output);
        _held = "";
    }

    // Returns how much of the text is done with.
    private int Rewrite(string text, IBufferWriter<byte> output)
    {
        for (var at = 0; ;)
        {
            if (_until is not null)
            {
                var end = text.IndexOf(_until, at, StringComparison.OrdinalIgnoreCase);
                var stop = end < 0 ? Math.Max(at, text.Length - _until.Length) : end;
                Emit(text.AsSpan(at, stop - at), output);
                if (end < 0) return stop;
                at = stop;
                _until = null;
            }
            var open = text.IndexOf('<', at);
            Emit(text.AsSpan(at, (open < 0 ? text.Length : open) - at), output);
            if (open < 0) return text.Length;
            if (text.Length - open < 4) return open;
            if (text.AsSpan(open).StartsWith("<!--"))
            {
                Emit("<!--", output);
                _until = "-->";
                at = open + 4;
            }
            else if (char.IsAsciiLetter(text[open + 1]))
            {
                if (Tag(text, open) is not var (tag, name, end)) return open;
                Emit(tag, output);
                if (TextElements.Contains(name)) _until = $"</{name}";
                at = end;
            }
            else
            {
                Emit("<", output);
                at = open + 1;
            }
        }
    }

    // The tag that begins here, rewritten, and where it ends; null when its end has not come yet.
    private (string Tag, string Name, int End)? Tag(string text, int open)
    {
        var result = new StringBuilder();
        var copied = open;
        var at = Skip(text, open + 1, c => !IsSpace(c) && c is not ('/' or '>'));
        var name = text[(open + 1)..at];
        while (true)
        {
            at = Skip(text, at, c => IsSpace(c) || c is '/');
            if (at == text.Length) return null;
            if (text[at] == '>') break;
            var attributeAt = at;
            at = Skip(text, at + 1, c => !IsSpace(c) && c is not ('=' or '/' or '>'));
            var attribute = text[attributeAt..at];
            at = Skip(text, at, IsSpace);
            if (at == text.Length) return null;
            if (text[at] != '=') continue;
            at = Skip(text, at + 1, IsSpace);
            if (at == text.Length) return null;
            var (valueAt, end, next) = Value(text, at);
            if (next < 0) return null;
            if (LinkAttributes.Contains(attribute))
            {
                result.Append(text, copied, valueAt - copied).Append(rewrite(text[valueAt..end]));
                copied = end;
            }
            at = next;
        }
        return (result.Append(text, copied, at + 1 - copied).ToString(), name, at + 1);
    }

    // Where the value of an attribute begins and ends, and where what follows does: -1 when that has not come yet.
    private static (int At, int End, int Next) Value(string text, int at)
    {
        if (text[at] is '"' or '\'')
        {
            var close = text.IndexOf(text[at], at + 1);
            return (at + 1, close, close < 0 ? -1 : close + 1);
        }
        var end = Skip(text, at, c => !IsSpace(c) && c != '>');
        return (at, end, end == text.Length ? -1 : end);
    }

    private static int Skip(string text, int at, Func<char, bool> matches)
    {
        while (at < text.Length && matches(text[at])) at++;
        return at;
    }

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\n' or '\r' or '\f';

    private static void Emit(ReadOnlySpan<char> text, IBufferWriter<byte> output)
    {
        if (text.Length > 0) output.Advance(Encoding.Latin1.GetBytes(text, output.GetSpan(text.Length)));
    }
}
