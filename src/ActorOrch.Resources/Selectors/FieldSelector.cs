using System.Text;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Selectors;

/// <summary>Chooses objects by fields: <c>metadata.name=x,spec.nodeName!=y</c>. Immutable; compiled against one kind.</summary>
public sealed class FieldSelector
{
    /// <summary>Chooses all.</summary>
    public static readonly FieldSelector Everything = new([]);

    private readonly Term[] _terms;

    private FieldSelector(Term[] terms) => _terms = terms;

    /// <summary>Whether it restricts nothing.</summary>
    public bool IsEverything => _terms.Length == 0;

    /// <summary>Parses <c>k=v</c>, <c>k==v</c>, <c>k!=v</c>, joined by commas; <c>\\</c>, <c>\,</c> and <c>\=</c> stand for themselves in values.</summary>
    /// <exception cref="ApiException">400: a bad term, or a field that objects of the kind cannot be chosen by.</exception>
    public static FieldSelector Parse(string? text, ResourceType type)
    {
        if (string.IsNullOrEmpty(text)) return Everything;
        var terms = new List<Term>();
        foreach (var part in Split(text))
        {
            if (part.Length == 0) continue;
            var (field, equal, value) = SplitTerm(part) ?? throw ApiException.BadRequest($"invalid selector: '{text}'; can't understand '{part}'");
            terms.Add(new(field, equal, Unescape(value), Reader(field, type)));
        }
        return new([.. terms]);
    }

    /// <summary>Whether a text is a selector, of whichever kind.</summary>
    public static bool IsWellFormed(string text) => Split(text).All(part => part.Length == 0 || SplitTerm(part) is not null);

    public bool Matches(StoredObject obj)
    {
        foreach (var term in _terms)
            if ((term.Read(obj) == term.Value) != term.Equal) return false;
        return true;
    }

    /// <summary>The value that a field must have, where one term says so (<c>metadata.name</c> of a single-object watch); else null.</summary>
    public string? RequiredValue(string field)
    {
        foreach (var term in _terms)
            if (term.Equal && term.Field == field) return term.Value;
        return null;
    }

    public override string ToString() => string.Join(',', _terms.Select(t => $"{t.Field}{(t.Equal ? "=" : "!=")}{Escape(t.Value)}"));

    private static Func<StoredObject, string> Reader(string field, ResourceType type) => field switch
    {
        "metadata.name" => static obj => obj.Key.Name,
        "metadata.namespace" when type.Namespaced => static obj => obj.Key.Namespace,
        _ => type.Rules.FieldSelectors.TryGetValue(field, out var read)
            ? read
            : throw ApiException.BadRequest(Unsupported(field, type)),
    };

    // Kinds with fields of their own name the field alone; for the others upstream's generic conversion answers.
    private static string Unsupported(string field, ResourceType type) => type.Rules.FieldSelectors.Count > 0
        ? $"field label not supported: {field}"
        : $"\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"";

    private static List<string> Split(string text)
    {
        var terms = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\') i++;
            else if (text[i] == ',')
            {
                terms.Add(text[start..i]);
                start = i + 1;
            }
        }
        terms.Add(text[start..]);
        return terms;
    }

    private static (string Field, bool Equal, string Value)? SplitTerm(string term)
    {
        for (var i = 0; i < term.Length; i++)
        {
            var rest = term.AsSpan(i);
            if (rest.StartsWith("!=")) return (term[..i], false, term[(i + 2)..]);
            if (rest.StartsWith("==")) return (term[..i], true, term[(i + 2)..]);
            if (rest[0] == '=') return (term[..i], true, term[(i + 1)..]);
        }
        return null;
    }

    private static string Unescape(string value)
    {
        if (!value.AsSpan().ContainsAny('\\', ',', '=')) return value;
        var text = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is ',' or '=') throw ApiException.BadRequest($"invalid field selector: unescaped character in value: {value}");
            if (value[i] != '\\') text.Append(value[i]);
            else if (++i < value.Length && value[i] is '\\' or ',' or '=') text.Append(value[i]);
            else throw ApiException.BadRequest($"invalid field selector: invalid escape sequence: \\{(i < value.Length ? value[i] : "")}");
        }
        return text.ToString();
    }

    private static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace(",", "\\,", StringComparison.Ordinal).Replace("=", "\\=", StringComparison.Ordinal);

    private sealed record Term(string Field, bool Equal, string Value, Func<StoredObject, string> Read);
}
