using System.Globalization;
using System.Text;
using ActorOrch.Agent.Runtimes;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Containers;

/// <summary>
/// What an engine says of a container that it cannot start quotes what it was to execute. Where that was expanded from variables, which may be
/// of a Secret, the words of the spec are told instead: anyone who may read pods or events reads these messages.
/// </summary>
internal static class EngineWords
{
    /// <summary>The message, with the words of the spec in place of what they were expanded to.</summary>
    public static string Unexpanded(string message, V1Container container, ContainerSpec told)
    {
        var pairs = Pairs(container.Command, told.Command).Concat(Pairs(container.Args, told.Args)).ToList();
        // The longest first: one may be a part of another.
        foreach (var (word, said) in pairs.SelectMany(p => new[] { p, (Word: Quoted(p.Word), p.Said) }).Distinct().OrderByDescending(p => p.Word.Length))
            message = message.Replace(word, said, StringComparison.Ordinal);
        return message;
    }

    /// <summary>Of a container that an earlier run of the agent made: what its words were expanded to is not known any more.</summary>
    public static string? OfUnknown(string? message, V1Container container) =>
        message is not null && (container.Command ?? []).Concat(container.Args ?? []).Any(w => w.Contains("$(", StringComparison.Ordinal))
            ? "the engine could not run it; its message is not shown, as it may quote what variables stand for"
            : message;

    private static IEnumerable<(string Word, string Said)> Pairs(IList<string>? said, IReadOnlyList<string>? told) =>
        (told ?? []).Zip(said ?? [], (word, s) => (word, s)).Where(p => p.word.Length > 0 && p.word != p.s);

    /// <summary>As engines quote.</summary>
    private static string Quoted(string word)
    {
        var quoted = new StringBuilder(word.Length);
        foreach (var c in word)
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                < ' ' or '\x7f' => quoted.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => quoted.Append(c),
            };
        return quoted.ToString();
    }
}
