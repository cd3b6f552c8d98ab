namespace ActorOrch.Resources.Decoding;

/// <summary>
/// Finds what is wrong with malformed JSON and says it in the words of Go's <c>encoding/json</c>, which clients and people know.
/// Runs only after another parser has refused the text.
/// </summary>
internal ref struct GoJsonSyntax
{
    private const string EndOfInput = "unexpected end of JSON input";

    // As Go's.
    private const int MostDepth = 10_000;

    private readonly ReadOnlySpan<byte> _json;
    private readonly Stack<bool> _inObject = [];
    private int _at;

    private GoJsonSyntax(ReadOnlySpan<byte> json) => _json = json;

    /// <summary>The error, or null where the syntax is right.</summary>
    public static string? ErrorOf(ReadOnlySpan<byte> json) => new GoJsonSyntax(json).Document();

    private string? Document()
    {
        if (Value() is { } error) return error;
        while (_inObject.TryPeek(out var inObject))
        {
            SkipSpace();
            if (End) return EndOfInput;
            var c = _json[_at++];
            if (c == (inObject ? '}' : ']'))
            {
                _inObject.Pop();
                continue;
            }
            if (c != ',') return Invalid(c, inObject ? "after object key:value pair" : "after array element");
            if (inObject && Key() is { } wrongKey) return wrongKey;
            if (Value() is { } inner) return inner;
        }
        SkipSpace();
        return End ? null : Invalid(_json[_at], "after top-level value");
    }

    // Reads a value up to where a comma or a closing bracket must follow; brackets it opens stay on the stack.
    private string? Value()
    {
        while (true)
        {
            SkipSpace();
            if (End) return EndOfInput;
            if (_inObject.Count > MostDepth) return "exceeded max depth";
            var c = _json[_at++];
            switch (c)
            {
                case (byte)'{':
                    _inObject.Push(true);
                    SkipSpace();
                    if (!End && _json[_at] == '}') return null;
                    if (Key() is { } wrongKey) return wrongKey;
                    continue;
                case (byte)'[':
                    _inObject.Push(false);
                    SkipSpace();
                    if (End) return EndOfInput;
                    if (_json[_at] == ']') return null;
                    continue;
                case (byte)'"':
                    return String();
                case (byte)'t':
                    return Literal("true");
                case (byte)'f':
                    return Literal("false");
                case (byte)'n':
                    return Literal("null");
                case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                    return Number(c);
                default:
                    return Invalid(c, "looking for beginning of value");
            }
        }
    }

    // Reads a key and its colon. The value is the caller's to read: a document may open more objects than there is stack.
    private string? Key()
    {
        SkipSpace();
        if (End) return EndOfInput;
        var c = _json[_at++];
        if (c != '"') return Invalid(c, "looking for beginning of object key string");
        if (String() is { } error) return error;
        SkipSpace();
        if (End) return EndOfInput;
        c = _json[_at++];
        return c == ':' ? null : Invalid(c, "after object key");
    }

    private string? String()
    {
        while (!End)
        {
            var c = _json[_at++];
            if (c == '"') return null;
            if (c < ' ') return Invalid(c, "in string literal");
            if (c != '\\') continue;
            if (End) return EndOfInput;
            c = _json[_at++];
            if (!"\"\\/bfnrtu".Contains((char)c)) return Invalid(c, "in string escape code");
            if (c != 'u') continue;
            for (var digit = 0; digit < 4; digit++)
            {
                if (End) return EndOfInput;
                c = _json[_at++];
                if (!char.IsAsciiHexDigit((char)c)) return Invalid(c, "in \\u hexadecimal character escape");
            }
        }
        return EndOfInput;
    }

    private string? Literal(string word)
    {
        for (var i = 1; i < word.Length; i++)
        {
            if (End) return EndOfInput;
            var c = _json[_at++];
            if (c != word[i]) return Invalid(c, $"in literal {word} (expecting '{word[i]}')");
        }
        return null;
    }

    private string? Number(byte first)
    {
        if (first == '-')
        {
            if (End) return EndOfInput;
            first = _json[_at++];
            if (!char.IsAsciiDigit((char)first)) return Invalid(first, "in numeric literal");
        }
        if (first != '0') SkipDigits();
        if (!End && _json[_at] == '.')
        {
            _at++;
            if (Digits("after decimal point in numeric literal") is { } error) return error;
        }
        if (End || _json[_at] is not ((byte)'e' or (byte)'E')) return null;
        _at++;
        if (!End && _json[_at] is (byte)'+' or (byte)'-') _at++;
        return Digits("in exponent of numeric literal");
    }

    private string? Digits(string where)
    {
        if (End) return EndOfInput;
        var c = _json[_at++];
        if (!char.IsAsciiDigit((char)c)) return Invalid(c, where);
        SkipDigits();
        return null;
    }

    private void SkipDigits()
    {
        while (!End && char.IsAsciiDigit((char)_json[_at])) _at++;
    }

    private void SkipSpace()
    {
        while (!End && _json[_at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') _at++;
    }

    private readonly bool End => _at >= _json.Length;

    private static string Invalid(byte c, string where) => $"invalid character {Quote(c)} {where}";

    private static string Quote(byte c) => c switch
    {
        (byte)'\'' => @"'\''",
        (byte)'"' => "'\"'",
        (byte)'\\' => @"'\\'",
        (byte)'\n' => @"'\n'",
        (byte)'\r' => @"'\r'",
        (byte)'\t' => @"'\t'",
        < 0x20 or 0x7f => $"'\\x{c:x2}'",
        >= 0x80 and < 0xa0 => $"'\\u{c:x4}'",
        _ => $"'{(char)c}'",
    };
}
