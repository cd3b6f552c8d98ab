using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ActorOrch.Resources.Decoding;

/// <summary>
/// Reads the first document of a YAML stream into nodes, as sigs.k8s.io/yaml does: YAML 1.1 scalars, merge keys, aliases copied where
/// they stand. The copies are bounded, so that a small text cannot grow into a large document.
/// </summary>
internal sealed class YamlTree
{
    // What aliases repeat, in characters: as much as a whole body may be.
    private const int MostRepeated = 3 * 1024 * 1024;

    private readonly List<ParsingEvent> _events = [];
    private readonly Dictionary<AnchorName, int> _anchors = [];
    private readonly HashSet<AnchorName> _open = [];
    private readonly StrictErrorList _errors;
    private readonly NodeCount _parsed = new();
    private long _line = 1;
    private int _at;
    private int _nodes;
    private int _aliases;
    private int _repeated;

    private YamlTree(StrictErrorList errors) => _errors = errors;

    /// <summary>Throws <see cref="DecodingException"/> with what is wrong and the line.</summary>
    public static JsonNode? Parse(ReadOnlySpan<byte> yaml, StrictErrorList errors)
    {
        var tree = new YamlTree(errors);
        try
        {
            return tree.Load(Encoding.UTF8.GetString(yaml)) ? tree.Node(1) : null;
        }
        catch (YamlException malformed)
        {
            throw new DecodingException($"yaml: line {malformed.Start.Line}: {Problem(malformed.Message)}");
        }
        catch (Exception lost) when (lost is InvalidOperationException or ArgumentException or OverflowException or FormatException)
        {
            // The parser's own way to say that it cannot go on.
            throw new DecodingException($"yaml: line {tree._line}: did not find expected token");
        }
    }

    // The events of the first document; false where there is none.
    private bool Load(string yaml)
    {
        var parser = new Parser(new StringReader(yaml.TrimStart('\uFEFF')));
        var depth = 0;
        while (parser.MoveNext() && parser.Current is not DocumentEnd)
        {
            var current = parser.Current!;
            _line = current.End.Line;
            // The parser's cost grows with the depth, and again with each token at it: what is too deep is not read on.
            if (current is SequenceStart or MappingStart && ++depth > JsonTree.MaxDepth) throw Error(current, "exceeded max depth");
            if (current is SequenceEnd or MappingEnd) depth--;
            else if (current is NodeEvent or AnchorAlias) _parsed.Add();
            else continue;
            _events.Add(current);
        }
        return _events.Count > 0;
    }

    private JsonNode? Node(int depth)
    {
        var current = _events[_at++];
        if (depth > JsonTree.MaxDepth) throw Error(current, "exceeded max depth");
        if (++_nodes > NodeCount.Most) throw new DecodingException("yaml: document contains excessive aliasing");
        if (current is AnchorAlias alias) return Aliased(alias, depth);
        var anchor = ((NodeEvent)current).Anchor;
        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = _at - 1;
            _open.Add(anchor);
        }
        JsonNode? node = current switch
        {
            Scalar scalar => Value(scalar),
            SequenceStart => Sequence(depth),
            _ => Mapping(depth),
        };
        if (!anchor.IsEmpty) _open.Remove(anchor);
        return node;
    }

    private JsonNode? Value(Scalar scalar)
    {
        if (_aliases > 0 && (_repeated += scalar.Value.Length) > MostRepeated)
            throw ApiException.TooLarge($"aliases may repeat at most {MostRepeated} characters");
        return YamlScalar.Read(scalar);
    }

    private JsonNode? Aliased(AnchorAlias alias, int depth)
    {
        if (!_anchors.TryGetValue(alias.Value, out var start)) throw new DecodingException($"yaml: unknown anchor '{alias.Value.Value}' referenced");
        if (_open.Contains(alias.Value)) throw new DecodingException($"yaml: anchor '{alias.Value.Value}' value contains itself");
        var back = _at;
        _at = start;
        _aliases++;
        var copy = Node(depth);
        _aliases--;
        _at = back;
        return copy;
    }

    private JsonArray Sequence(int depth)
    {
        var list = new JsonArray();
        while (_events[_at] is not SequenceEnd) list.Add(Node(depth + 1));
        _at++;
        return list;
    }

    private JsonObject Mapping(int depth)
    {
        var map = new JsonObject();
        var merged = new List<JsonObject>();
        while (_events[_at] is not MappingEnd)
        {
            var keyEvent = _events[_at];
            if (keyEvent is Scalar { Value: "<<", Style: ScalarStyle.Plain, Tag.IsEmpty: true })
            {
                _at++;
                Collect(Node(depth + 1), merged, keyEvent);
                continue;
            }
            var key = Key(Node(depth + 1), keyEvent);
            if (map.ContainsKey(key)) _errors.Add($"yaml: unmarshal errors:\n  line {keyEvent.Start.Line}: key \"{key}\" already set in map");
            map[key] = Node(depth + 1);
        }
        _at++;
        // What stands in the map itself wins over what is merged into it, the first merged map over the later ones.
        foreach (var other in merged)
            foreach (var (key, value) in other)
                if (!map.ContainsKey(key)) map[key] = value?.DeepClone();
        return map;
    }

    private static void Collect(JsonNode? value, List<JsonObject> merged, ParsingEvent at)
    {
        if (value is JsonObject map) merged.Add(map);
        else if (value is JsonArray list && list.All(item => item is JsonObject)) merged.AddRange(list.Select(item => item!.AsObject()));
        else throw Error(at, "map merge requires map or sequence of maps as the value");
    }

    private static string Key(JsonNode? key, ParsingEvent at) => key switch
    {
        JsonValue value => value.TryGetValue<string>(out var text) ? text : value.ToJsonString(),
        null => throw Error(at, "unsupported map key of type: <nil>"),
        _ => throw Error(at, "invalid map key"),
    };

    private static DecodingException Error(ParsingEvent at, string what) => new($"yaml: line {at.Start.Line}: {what}");

    // "While parsing a block mapping, did not find expected key.": Go's package gives the second half.
    private static string Problem(string message)
    {
        var comma = message.StartsWith("While ", StringComparison.Ordinal) ? message.IndexOf(", ", StringComparison.Ordinal) : -1;
        var problem = (comma < 0 ? message : message[(comma + 2)..]).TrimEnd('.');
        return problem == "found invalid mapping" ? "mapping values are not allowed in this context"
            : problem.Length == 0 ? "invalid syntax"
            : char.ToLowerInvariant(problem[0]) + problem[1..];
    }
}
