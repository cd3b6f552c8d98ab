using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds;

namespace ActorOrch.Resources.Selectors;

/// <summary>Reads the text form of label selectors, as upstream's <c>labels.Parse</c> does, with its messages.</summary>
internal ref struct LabelSelectorParser
{
    private const string Operators = "in, notin, =, ==, !=, >, <";

    private readonly List<(char Kind, string Text)> _tokens;
    private int _at;

    private LabelSelectorParser(List<(char Kind, string Text)> tokens) => _tokens = tokens;

    /// <summary>Throws <see cref="ApiException"/> 400.</summary>
    public static List<LabelRequirement> Parse(string text)
    {
        try
        {
            return new LabelSelectorParser(LabelSelectorLexer.Scan(text)).All();
        }
        catch (FormatException error)
        {
            throw ApiException.BadRequest($"unable to parse requirement: {error.Message}");
        }
    }

    /// <summary>A requirement whose key and values are known to be legal. Throws <see cref="ApiException"/> 400.</summary>
    public static LabelRequirement Checked(string key, LabelOperator @operator, string[] values)
    {
        try
        {
            return Requirement(key, @operator, values, exact: false);
        }
        catch (FormatException error)
        {
            throw ApiException.BadRequest(error.Message);
        }
    }

    private List<LabelRequirement> All()
    {
        var requirements = new List<LabelRequirement>();
        while (true)
        {
            var (kind, text) = Peek();
            if (kind == Token.End) return requirements;
            if (kind is not (Token.Identifier or Token.Not)) throw ApiException.BadRequest($"found '{text}', expected: !, identifier, or 'end of string'");
            requirements.Add(One());
            (kind, text) = Next();
            if (kind == Token.End) return requirements;
            if (kind != Token.Comma) throw ApiException.BadRequest($"found '{text}', expected: ',' or 'end of string'");
            (kind, text) = Peek();
            if (kind is not (Token.Identifier or Token.Not)) throw ApiException.BadRequest($"found '{text}', expected: identifier after ','");
        }
    }

    private LabelRequirement One()
    {
        var (kind, key) = Next();
        var negated = kind == Token.Not;
        if (negated) (kind, key) = Next();
        if (kind != Token.Identifier) throw new FormatException($"found '{key}', expected: identifier");
        CheckKey(key);
        if (negated) return Requirement(key, LabelOperator.DoesNotExist, [], exact: false);
        if (Peek().Kind is Token.End or Token.Comma) return Requirement(key, LabelOperator.Exists, [], exact: false);
        var (_, symbol) = Next();
        return symbol switch
        {
            "in" => Requirement(key, LabelOperator.In, Values(), exact: false),
            "notin" => Requirement(key, LabelOperator.NotIn, Values(), exact: false),
            "=" or "==" => Requirement(key, LabelOperator.In, [Value()], exact: true),
            "!=" => Requirement(key, LabelOperator.NotIn, [Value()], exact: true),
            ">" => Requirement(key, LabelOperator.GreaterThan, [Value()], exact: true),
            "<" => Requirement(key, LabelOperator.LessThan, [Value()], exact: true),
            _ => throw new FormatException($"found '{symbol}', expected: {Operators}"),
        };
    }

    private string Value()
    {
        if (Peek().Kind is Token.End or Token.Comma) return "";
        var (kind, text) = Next();
        return kind == Token.Identifier ? text : throw new FormatException($"found '{text}', expected: identifier");
    }

    private string[] Values()
    {
        var (kind, text) = Next();
        if (kind != Token.Open) throw new FormatException($"found '{text}' expected: '('");
        var values = new SortedSet<string>(StringComparer.Ordinal);
        // Between commas, and between a comma and a parenthesis, stands an empty value.
        var expectsValue = true;
        while (true)
        {
            (kind, text) = Next();
            switch (kind)
            {
                case Token.Identifier when expectsValue:
                    values.Add(text);
                    expectsValue = false;
                    break;
                case Token.Comma:
                    if (expectsValue) values.Add("");
                    expectsValue = true;
                    break;
                case Token.Close:
                    if (expectsValue) values.Add("");
                    return [.. values];
                default:
                    throw new FormatException(expectsValue ? $"found '{text}', expected: ',', or identifier" : $"found '{text}', expected: ',' or ')'");
            }
        }
    }

    private readonly (char Kind, string Text) Peek() => _tokens[_at];

    private (char Kind, string Text) Next() => _at < _tokens.Count - 1 ? _tokens[_at++] : _tokens[^1];

    private static LabelRequirement Requirement(string key, LabelOperator @operator, string[] values, bool exact)
    {
        CheckKey(key);
        if (@operator is LabelOperator.In or LabelOperator.NotIn && values.Length == 0)
            throw new FormatException("values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty");
        if (@operator is LabelOperator.Exists or LabelOperator.DoesNotExist && values.Length > 0)
            throw new FormatException($"values: Invalid value: [{string.Join(' ', values)}]: values set must be empty for exists and does not exist");
        for (var i = 0; i < values.Length; i++)
        {
            if (@operator is LabelOperator.GreaterThan or LabelOperator.LessThan && !LabelRequirement.TryInteger(values[i], out _))
                throw new FormatException($"values[{i}]: Invalid value: \"{values[i]}\": for 'Gt', 'Lt' operators, the value must be an integer");
            var errors = string.Join("; ", Names.LabelValue(values[i]));
            if (errors.Length > 0) throw new FormatException($"values[{i}][{key}]: Invalid value: \"{values[i]}\": {errors}");
        }
        return new(key, @operator, values) { Exact = exact };
    }

    private static void CheckKey(string key)
    {
        var errors = string.Join("; ", Names.QualifiedName(key));
        if (errors.Length > 0) throw new FormatException($"<nil>: Invalid value: \"{key}\": {errors}");
    }
}
