using System.Text;

namespace ActorOrch.Agent.Pods.Specs;

/// <summary><c>$(VAR)</c> in commands, arguments and values: unknown names stay as they are, <c>$$</c> is a dollar.</summary>
internal static class Expansion
{
    public static string Expand(string text, Func<string, string?> lookup)
    {
        if (!text.Contains('$', StringComparison.Ordinal)) return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }
            var next = text[i + 1];
            var close = next == '(' ? text.IndexOf(')', i + 2) : -1;
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
        return result.ToString();
    }
}
