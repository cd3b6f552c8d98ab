using System.Globalization;
using System.Text.Json.Nodes;

namespace ActorOrch.Controllers.Namespaces;

/// <summary>The conditions by which a namespace says what its deletion waits for, in upstream's words. Pure.</summary>
public static class NamespaceConditions
{
    /// <summary>The types of them.</summary>
    public static readonly string[] Own =
    [
        "NamespaceDeletionDiscoveryFailure", "NamespaceDeletionGroupVersionParsingFailure", "NamespaceDeletionContentFailure", "NamespaceContentRemaining",
        "NamespaceFinalizersRemaining",
    ];

    /// <summary>The conditions for what is left.</summary>
    /// <param name="failure">Why some of the content could not be deleted, or null.</param>
    /// <param name="known">The conditions it has; the transition times of those that do not change are kept.</param>
    public static JsonArray For(NamespaceContent content, string? failure, JsonArray? known, DateTimeOffset now)
    {
        var remaining = string.Join(", ", content.Remaining.OrderBy(r => r.Key.Plural, StringComparer.Ordinal)
            .Select(r => $"{r.Key.Plural}.{r.Key.Group} has {r.Value} resource instances"));
        var finalizers = string.Join(", ", content.Finalizers.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key} in {f.Value} resource instances"));
        return
        [
            Condition("NamespaceDeletionDiscoveryFailure", false, "ResourcesDiscovered", "All resources successfully discovered"),
            Condition("NamespaceDeletionGroupVersionParsingFailure", false, "ParsedGroupVersions", "All legacy kube types successfully parsed"),
            failure is null
                ? Condition("NamespaceDeletionContentFailure", false, "ContentDeleted", "All content successfully deleted, may be waiting on finalization")
                : Condition("NamespaceDeletionContentFailure", true, "ContentDeletionFailed",
                    $"Failed to delete all resource types, 1 remaining: {failure}"),
            remaining.Length == 0
                ? Condition("NamespaceContentRemaining", false, "ContentRemoved", "All content successfully removed")
                : Condition("NamespaceContentRemaining", true, "SomeResourcesRemain", $"Some resources are remaining: {remaining}"),
            finalizers.Length == 0
                ? Condition("NamespaceFinalizersRemaining", false, "ContentHasNoFinalizers", "All content-preserving finalizers finished")
                : Condition("NamespaceFinalizersRemaining", true, "SomeFinalizersRemain",
                    $"Some content in the namespace has finalizers remaining: {finalizers}"),
        ];

        JsonObject Condition(string type, bool status, string reason, string message)
        {
            var value = status ? "True" : "False";
            var before = known?.OfType<JsonObject>().FirstOrDefault(c => Text(c, "type") == type);
            var since = before is not null && Text(before, "status") == value ? Text(before, "lastTransitionTime") : null;
            return new()
            {
                ["type"] = type,
                ["status"] = value,
                ["lastTransitionTime"] = since ?? now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                ["reason"] = reason,
                ["message"] = message,
            };
        }
    }

    private static string? Text(JsonObject condition, string name) => condition[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
