using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Objects;

/// <summary>How large an object may become, in bytes of its JSON: what aliases, patches and defaults have made of it, not what was sent.</summary>
public static class ObjectSize
{
    /// <summary>What a writer may bring an object to; upstream's store takes as much.</summary>
    public const int Most = 1536 * 1024;

    /// <summary>Beside that, what the system itself notes on an object that is as large as it may be: its deletion, its node, its containers' statuses.</summary>
    public const int SystemRoom = 512 * 1024;

    /// <summary>Throws 413 for an object that is too large, unless it takes the place of one that is larger still.</summary>
    /// <param name="before">What it replaces, in bytes; 0 for nothing.</param>
    public static void Check(ResourceType type, ObjectDraft draft, int before)
    {
        if (draft.Json.Length <= Most || draft.Json.Length <= before) return;
        throw TooLarge(type, draft.Key, Describe(type, draft.Key, draft.Json.Length));
    }

    /// <summary>The refusal of a store that was not asked by way of <see cref="Check"/>.</summary>
    public static ApiException TooLarge(ResourceType type, ObjectKey key, string detail) =>
        new(413, "RequestEntityTooLarge", $"Request entity too large: {detail}") { Name = key.Name, Group = type.Group, Kind = type.Plural };

    /// <summary>Which object, how large, and how large it may be.</summary>
    public static string Describe(ResourceId resource, ObjectKey key, int bytes) =>
        $"{resource.GroupResource} \"{key.Name}\" would take {bytes} bytes, limit is {Most}";
}
