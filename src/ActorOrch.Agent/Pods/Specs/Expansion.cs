using System.Text;

namespace ActorOrch.Agent.Pods.Specs;

/// <summary><c>$(VAR)</c> in commands, arguments and values: unknown names stay as they are, <c>$$</c> is a dollar.</summary>
internal static class Expansion
{
    /// <param name="most">How long the result may become, in characters: variables that quote variables double at each step.</param>
    /// <returns>Null where it would be longer.</returns>
    public static string? Expand(string text, Func<string, string?> lookup, int most)
    {
        if (!text.Contains('$', StringComparison.Ordinal)) return text;
        var result = new StringBuilder(text.Length);
        var lastClose = text.LastIndexOf(')');
        for (var i = 0; i < text.Length; i++)
        {
            if (result.Length > most) return null;
            if (text[i] != '$' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }
            var next = text[i + 1];
            var close = next == '(' && i + 2 <= lastClose ? text.IndexOf(')', i + 2) : -1;
            if (next == '$')
            {
                result.Append('$');
                i++;
            }
            else if (close > 0)
            {
                var name = text[(i + 2)..close];
                result.Append(lookup(name) ?? $"$({name})");
                i = close;
            }
            else
            {
                result.Append('$');
            }
        }
        return result.Length > most ? null : result.ToString();
    }
}
