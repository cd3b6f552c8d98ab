using System.Text.Json;
using System.Text.Json.Nodes;

namespace ActorOrch.Resources.FieldOwnership;

/// <summary>
/// A set of fields of a document, as a trie of <see cref="PathElement"/>s. A field and what is below it are members each on its own.
/// Once built it is never changed, so that sets share what they have in common.
/// </summary>
public sealed class FieldSet
{
    public static readonly FieldSet Empty = new();

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    private readonly record struct Entry(bool IsMember, FieldSet Below);

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>How many fields it has.</summary>
    public int Count => Paths().Count();

    /// <summary>Fields of a document's root.</summary>
    public static FieldSet OfFields(params IEnumerable<string> names)
    {
        var set = new FieldSet();
        foreach (var name in names) set.Put(PathElement.Field(name), isMember: true, Empty);
        return set;
    }

    /// <summary>While it is built: says of one step whether it is a member and what is below it.</summary>
    internal void Put(string element, bool isMember, FieldSet below)
    {
        if (isMember || !below.IsEmpty) _entries[element] = new(isMember, below);
    }

    internal bool Has(string element) => _entries.TryGetValue(element, out var entry) && entry.IsMember;

    /// <summary>What it has below a step.</summary>
    internal FieldSet Below(string element) => _entries.TryGetValue(element, out var entry) ? entry.Below : Empty;

    internal IEnumerable<(string Element, bool IsMember, FieldSet Below)> Entries => _entries.Select(e => (e.Key, e.Value.IsMember, e.Value.Below));

    public FieldSet Union(FieldSet other)
    {
        if (other.IsEmpty || ReferenceEquals(this, other)) return this;
        if (IsEmpty) return other;
        var result = new FieldSet();
        foreach (var (element, entry) in _entries)
            result.Put(element, entry.IsMember || other.Has(element), entry.Below.Union(other.Below(element)));
        foreach (var (element, entry) in other._entries)
            if (!_entries.ContainsKey(element)) result.Put(element, entry.IsMember, entry.Below);
        return result;
    }

    /// <summary>Of many, two and two: one after the other, each would copy all those before it.</summary>
    public static FieldSet UnionOf(IReadOnlyList<FieldSet> sets) => UnionOf(sets, 0, sets.Count);

    private static FieldSet UnionOf(IReadOnlyList<FieldSet> sets, int from, int to) => (to - from) switch
    {
        0 => Empty,
        1 => sets[from],
        var count => UnionOf(sets, from, from + count / 2).Union(UnionOf(sets, from + count / 2, to)),
    };

    public FieldSet Intersect(FieldSet other)
    {
        if (ReferenceEquals(this, other)) return this;
        var result = new FieldSet();
        if (IsEmpty || other.IsEmpty) return result;
        foreach (var (element, entry) in _entries)
            if (other._entries.TryGetValue(element, out var theirs))
                result.Put(element, entry.IsMember && theirs.IsMember, entry.Below.Intersect(theirs.Below));
        return result;
    }

    /// <summary>Without the fields of another; what is below those stays.</summary>
    public FieldSet Except(FieldSet other)
    {
        if (IsEmpty || other.IsEmpty) return this;
        var result = new FieldSet();
        foreach (var (element, entry) in _entries)
            if (other._entries.TryGetValue(element, out var theirs)) result.Put(element, entry.IsMember && !theirs.IsMember, entry.Below.Except(theirs.Below));
            else result.Put(element, entry.IsMember, entry.Below);
        return result;
    }

    /// <summary>Without the fields of another and all that is below those.</summary>
    public FieldSet ExceptBelow(FieldSet other)
    {
        if (IsEmpty || other.IsEmpty) return this;
        var result = new FieldSet();
        foreach (var (element, entry) in _entries)
            if (!other._entries.TryGetValue(element, out var theirs)) result.Put(element, entry.IsMember, entry.Below);
            else if (!theirs.IsMember) result.Put(element, entry.IsMember, entry.Below.ExceptBelow(theirs.Below));
        return result;
    }

    public bool SetEquals(FieldSet other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (_entries.Count != other._entries.Count) return false;
        foreach (var (element, entry) in _entries)
            if (!other._entries.TryGetValue(element, out var theirs) || entry.IsMember != theirs.IsMember || !entry.Below.SetEquals(theirs.Below)) return false;
        return true;
    }

    /// <summary>The fields as conflicts name them, in the order in which they are written.</summary>
    public IEnumerable<string> Paths() => Paths("");

    private IEnumerable<string> Paths(string prefix)
    {
        foreach (var element in Ordered())
        {
            var (path, entry) = (prefix + PathElement.Describe(element), _entries[element]);
            if (entry.IsMember) yield return path;
            foreach (var below in entry.Below.Paths(path)) yield return below;
        }
    }

    /// <summary>Writes the object that <c>fieldsV1</c> holds.</summary>
    public void Write(Utf8JsonWriter writer) => Write(writer, self: false);

    private void Write(Utf8JsonWriter writer, bool self)
    {
        writer.WriteStartObject();
        if (self && !IsEmpty)
        {
            writer.WriteStartObject(PathElement.Self);
            writer.WriteEndObject();
        }
        foreach (var element in Ordered())
        {
            writer.WritePropertyName(element);
            _entries[element].Below.Write(writer, _entries[element].IsMember);
        }
        writer.WriteEndObject();
    }

    /// <summary>Reads what <c>fieldsV1</c> holds. Throws <see cref="FormatException"/> for what is none.</summary>
    public static FieldSet Read(JsonNode? fields)
    {
        var result = new FieldSet();
        // One step may be written in many ways, each with something else below it.
        Dictionary<string, List<FieldSet>>? again = null;
        foreach (var (key, value) in AsObject(fields))
        {
            if (key == PathElement.Self || PathElement.Read(key) is not { } element) continue;
            var below = Read(value);
            var isMember = below.IsEmpty || AsObject(value).ContainsKey(PathElement.Self);
            if (!result._entries.TryGetValue(element, out var known))
            {
                result.Put(element, isMember, below);
                continue;
            }
            result._entries[element] = known with { IsMember = known.IsMember || isMember };
            again ??= new(StringComparer.Ordinal);
            if (!again.TryGetValue(element, out var others)) again[element] = others = [known.Below];
            others.Add(below);
        }
        foreach (var (element, all) in again ?? []) result._entries[element] = result._entries[element] with { Below = UnionOf(all) };
        return result;
    }

    private static JsonObject AsObject(JsonNode? node) => node as JsonObject ?? throw new FormatException("a set of fields is an object");

    private IReadOnlyCollection<string> Ordered() => _entries.Count < 2 ? _entries.Keys : PathElement.InOrder(_entries.Keys);
}
