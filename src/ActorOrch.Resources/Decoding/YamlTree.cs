using System.Text;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ActorOrch.Resources;

/// <summary>
/// Reads the first document of a YAML stream into nodes, as sigs.k8s.io/yaml does: YAML 1.1 scalars, merge keys, aliases copied where
/// they stand. The copies are bounded, so that a small text cannot grow into a large document.
/// </summary>
internal sealed class YamlTree
{
    private const int MostNodes = 200_000;

    private readonly List<ParsingEvent> _events = [];
    private readonly Dictionary<AnchorName, int> _anchors = [];
    private readonly HashSet<AnchorName> _open = [];
    private readonly StrictErrorList _errors;
    private int _at;
    private int _nodes;

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
    }

    // The events of the first document; false where there is none.
    private bool Load(string yaml)
    {
        var parser = new Parser(new StringReader(yaml.TrimStart('\uFEFF')));
        while (parser.MoveNext() && parser.Current is not DocumentEnd)
        {
            if (parser.Current is not NodeEvent and not MappingEnd and not SequenceEnd and not AnchorAlias) continue;
            _events.Add(parser.Current);
        }
        return _events.Count > 0;
    }

    private JsonNode? Node(int depth)
    {
        var current = _events[_at++];
        if (depth > JsonTree.MaxDepth) throw Error(current, "exceeded max depth");
        if (++_nodes > MostNodes) throw new DecodingException("yaml: document contains excessive aliasing");
        if (current is AnchorAlias alias) return Aliased(alias, depth);
        var anchor = ((NodeEvent)current).Anchor;
        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = _at - 1;
            _open.Add(anchor);
        }
        JsonNode? node = current switch
        {
            Scalar scalar => YamlScalar.Read(scalar),
            SequenceStart => Sequence(depth),
            _ => Mapping(depth),
        };
        if (!anchor.IsEmpty) _open.Remove(anchor);
        return node;
    }

    private JsonNode? Aliased(AnchorAlias alias, int depth)
    {
        if (!_anchors.TryGetValue(alias.Value, out var start)) throw new DecodingException($"yaml: unknown anchor '{alias.Value.Value}' referenced");
        if (_open.Contains(alias.Value)) throw new DecodingException($"yaml: anchor '{alias.Value.Value}' value contains itself");
        var back = _at;
        _at = start;
        var copy = Node(depth);
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
