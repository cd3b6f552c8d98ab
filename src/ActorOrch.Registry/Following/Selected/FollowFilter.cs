using System.Text.Json;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Following.Selected;

/// <summary>How a mirror's objects are chosen from those of its collection. The numbers are sent.</summary>
internal enum FollowBy
{
    /// <summary>By the text of a field.</summary>
    Field = 1,

    /// <summary>ConfigMaps and Secrets to which a pod refers, as long as one does.</summary>
    PodsOfNodes = 2,
}

/// <summary>Which objects of a collection a mirror holds.</summary>
/// <param name="Field">Its path, <c>spec.nodeName</c>; empty where it is not by a field.</param>
/// <param name="Values">Of the field, or the nodes' names.</param>
internal sealed record FollowFilter(FollowBy By, string Field, IReadOnlyList<string> Values)
{
    public const string Name = "metadata.name";

    public static FollowFilter ByField(string field, params IReadOnlyList<string> values) => new(FollowBy.Field, field, values);

    public static FollowFilter PodsOf(params IReadOnlyList<string> nodes) => new(FollowBy.PodsOfNodes, "", nodes);

    public bool IsSameAs(FollowFilter other) => By == other.By && Field == other.Field && Values.SequenceEqual(other.Values);

    /// <summary>The text of a field; null where the object has none.</summary>
    public static string? Read(StoredObject obj, string field)
    {
        if (field == Name) return obj.Key.Name;
        var reader = new Utf8JsonReader(obj.Json);
        reader.Read();
        foreach (var step in field.Split('.'))
            if (reader.TokenType != JsonTokenType.StartObject || !Find(ref reader, step)) return null;
        return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
    }

    /// <summary>At an object: goes on to the value of one of its fields.</summary>
    private static bool Find(ref Utf8JsonReader reader, string name)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found) return true;
            reader.Skip();
        }
        return false;
    }
}
