using System.Text.Json.Nodes;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.FieldOwnership;

/// <summary>Where two versions of a document differ.</summary>
/// <param name="Changed">What is new, or has another value.</param>
/// <param name="Removed">What is no longer there.</param>
public sealed record FieldChanges(FieldSet Changed, FieldSet Removed)
{
    private static readonly JsonObject NoFields = [];
    private static readonly JsonArray NoItems = [];

    /// <summary>What the system fills in for everyone, and what tells one object from another: nobody owns it.</summary>
    internal static readonly HashSet<string> UnownedMetadata =
        ["name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields", "resourceVersion"];

    public bool Any => !Changed.IsEmpty || !Removed.IsEmpty;

    /// <summary>Compares two versions of an object of the schema.</summary>
    /// <param name="before">An empty document for what is created.</param>
    public static FieldChanges Between(JsonObject before, JsonObject after, Schema schema)
    {
        var found = new Found();
        var root = FieldType.Root(schema);
        foreach (var name in Names(before, after))
        {
            if (name is "apiVersion" or "kind") continue;
            var (old, now) = (before[name], after[name]);
            if (name == "metadata")
            {
                var below = new Found();
                Fields(old as JsonObject ?? NoFields, now as JsonObject ?? NoFields, root[name], below, UnownedMetadata);
                found.Add(PathElement.Field(name), State.Same, below);
            }
            else
            {
                Node(PathElement.Field(name), old, now, root[name], found, both: true);
            }
        }
        return new(found.Changed, found.Removed);
    }

    /// <summary>Without what another set has, and what is below that.</summary>
    public FieldChanges Except(FieldSet ignored) => ignored.IsEmpty ? this : new(Changed.ExceptBelow(ignored), Removed.ExceptBelow(ignored));

    private enum State
    {
        Same,
        Changed,
        Removed,
    }

    /// <summary>Both sets while they are built.</summary>
    private sealed class Found
    {
        public FieldSet Changed { get; } = new();
        public FieldSet Removed { get; } = new();

        public void Add(string element, State state, Found? below = null)
        {
            Changed.Put(element, state == State.Changed, below?.Changed ?? FieldSet.Empty);
            Removed.Put(element, state == State.Removed, below?.Removed ?? FieldSet.Empty);
        }
    }

    /// <param name="both">Whether what is around it is there in both versions.</param>
    private static void Node(string element, JsonNode? old, JsonNode? now, FieldType type, Found found, bool both)
    {
        if (old is null && now is null) return;
        var granularity = type.Of(old, now);
        if (both && type.AlwaysThere && granularity != Granularity.Whole)
        {
            JsonNode nothing = granularity == Granularity.Fields ? NoFields : NoItems;
            (old, now) = (old ?? nothing, now ?? nothing);
        }
        var state = old is null ? State.Changed : now is null ? State.Removed : State.Same;
        if (granularity == Granularity.Whole || (IsEmpty(old) && IsEmpty(now)))
        {
            found.Add(element, state == State.Same && !JsonNode.DeepEquals(old, now) ? State.Changed : state);
            return;
        }
        var below = new Found();
        if (granularity == Granularity.Fields) Fields(old as JsonObject ?? NoFields, now as JsonObject ?? NoFields, type, below, none: null, both: state == State.Same);
        else Items(old as JsonArray ?? NoItems, now as JsonArray ?? NoItems, type, granularity, below);
        found.Add(element, state, below);
    }

    private static void Fields(JsonObject old, JsonObject now, FieldType type, Found found, HashSet<string>? none, bool both = true)
    {
        foreach (var name in Names(old, now))
            if (none is null || !none.Contains(name)) Node(PathElement.Field(name), old[name], now[name], type[name], found, both);
    }

    private static void Items(JsonArray old, JsonArray now, FieldType type, Granularity granularity, Found found)
    {
        var (before, after) = (ByStep(old, type, granularity), ByStep(now, type, granularity));
        foreach (var (step, items) in after)
        {
            var others = before.GetValueOrDefault(step);
            // What stands twice is owned as one.
            if (items.Count > 1 || others is { Count: > 1 })
                found.Add(step, others is null || !items.SequenceEqual(others, Deep.Instance) ? State.Changed : State.Same);
            else Node(step, others?[0], items[0], type.Element, found, both: false);
        }
        foreach (var (step, items) in before)
        {
            if (after.ContainsKey(step)) continue;
            if (items.Count > 1) found.Add(step, State.Removed);
            else Node(step, items[0], null, type.Element, found, both: false);
        }
    }

    private static Dictionary<string, List<JsonNode?>> ByStep(JsonArray items, FieldType type, Granularity granularity)
    {
        var result = new Dictionary<string, List<JsonNode?>>(items.Count, StringComparer.Ordinal);
        foreach (var item in items)
        {
            var step = type.StepTo(item, granularity);
            if (result.TryGetValue(step, out var same)) same.Add(item);
            else result.Add(step, [item]);
        }
        return result;
    }

    private static IEnumerable<string> Names(JsonObject old, JsonObject now)
    {
        foreach (var (name, _) in now) yield return name;
        foreach (var (name, _) in old)
            if (!now.ContainsKey(name)) yield return name;
    }

    private static bool IsEmpty(JsonNode? node) => node is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

    private sealed class Deep : IEqualityComparer<JsonNode?>
    {
        public static readonly Deep Instance = new();

        public bool Equals(JsonNode? x, JsonNode? y) => JsonNode.DeepEquals(x, y);

        public int GetHashCode(JsonNode? obj) => 0;
    }
}
