namespace ActorOrch.Resources.Selectors;

/// <summary>The kinds of tokens of a label selector. <c>in</c> and <c>notin</c> are identifiers that the parser reads by their place.</summary>
internal static class Token
{
    public const char End = '$';
    public const char Identifier = 'a';
    public const char Operator = '=';
    public const char Not = '!';
    public const char Comma = ',';
    public const char Open = '(';
    public const char Close = ')';
}

/// <summary>Splits a label selector into tokens.</summary>
internal static class LabelSelectorLexer
{
    /// <summary>Always ends with <see cref="Token.End"/>. Throws <see cref="FormatException"/> for a run of symbols that is none.</summary>
    public static List<(char Kind, string Text)> Scan(string text)
    {
        var tokens = new List<(char, string)>();
        for (var at = 0; at < text.Length;)
        {
            var c = text[at];
            if (IsSpace(c)) at++;
            else if (IsSymbol(c)) tokens.Add(Symbol(text, ref at));
            else
            {
                var start = at;
                while (at < text.Length && !IsSpace(text[at]) && !IsSymbol(text[at])) at++;
                tokens.Add((Token.Identifier, text[start..at]));
            }
        }
        tokens.Add((Token.End, ""));
        return tokens;
    }

    private static (char, string) Symbol(string text, ref int at)
    {
        var two = text.AsSpan(at, Math.Min(2, text.Length - at));
        if (two is "==" or "!=")
        {
            at += 2;
            return (Token.Operator, two.ToString());
        }
        var one = text[at++];
        return one is '=' or '>' or '<' ? (Token.Operator, one.ToString()) : (one, one.ToString());
    }

    private static bool IsSpace(char c) => c is ' ' or '\t' or '\r' or '\n';

    private static bool IsSymbol(char c) => c is '=' or '!' or '(' or ')' or ',' or '>' or '<';
}
