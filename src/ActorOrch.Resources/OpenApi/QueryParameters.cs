using System.Text.Json;
using ActorOrch.Resources.Catalog.Subresources;

namespace ActorOrch.Resources.OpenApi;

/// <summary>The query parameters of the operations. kubectl reads from them what the server can do.</summary>
internal static class QueryParameters
{
    private static readonly Parameter DryRun = new("dryRun", "string");
    private static readonly Parameter FieldManager = new("fieldManager", "string");
    private static readonly Parameter FieldValidation = new("fieldValidation", "string");

    public static readonly IReadOnlyList<Parameter> Write = [DryRun, FieldManager, FieldValidation];

    public static readonly IReadOnlyList<Parameter> Patch = [DryRun, FieldManager, FieldValidation, new("force", "boolean")];

    public static readonly IReadOnlyList<Parameter> Delete =
        [DryRun, new("gracePeriodSeconds", "integer"), new("orphanDependents", "boolean"), new("propagationPolicy", "string")];

    public static readonly IReadOnlyList<Parameter> List =
    [
        new("allowWatchBookmarks", "boolean"), new("continue", "string"), new("fieldSelector", "string"), new("labelSelector", "string"),
        new("limit", "integer"), new("resourceVersion", "string"), new("resourceVersionMatch", "string"), new("sendInitialEvents", "boolean"),
        new("timeoutSeconds", "integer"), new("watch", "boolean"),
    ];

    public static readonly IReadOnlyList<Parameter> DeleteCollection = [.. List.Where(p => p.Name is not ("allowWatchBookmarks" or "watch")), .. Delete];

    public static void WritePathParameter(Utf8JsonWriter writer, bool v2, string name) => new Parameter(name, "string", "path").Write(writer, v2);

    /// <summary>What a connection takes in its query.</summary>
    public static Parameter Of(QueryOption option) => new(option.Name, option.Type switch
    {
        QueryOptionType.Flag => "boolean",
        QueryOptionType.Number or QueryOptionType.Numbers => "integer",
        _ => "string",
    });

    internal sealed record Parameter(string Name, string Type, string In = "query")
    {
        public void Write(Utf8JsonWriter writer, bool v2)
        {
            writer.WriteStartObject();
            writer.WriteString("name", Name);
            writer.WriteString("in", In);
            if (In == "path") writer.WriteBoolean("required", true);
            if (!v2) writer.WriteStartObject("schema");
            writer.WriteString("type", Type);
            writer.WriteBoolean("uniqueItems", true);
            if (!v2) writer.WriteEndObject();
            writer.WriteEndObject();
        }
    }
}
