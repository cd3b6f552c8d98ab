using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.OpenApi.Protobuf;

namespace ActorOrch.Resources.OpenApi;

/// <summary>
/// What <c>/openapi/v2</c> and <c>/openapi/v3</c> answer, written from the schemas when someone asks and kept until the served kinds change.
/// Kinds without a model are left out.
/// </summary>
public static class OpenApiDocuments
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // One document a name; a change of the kinds replaces it.
    private static readonly ConcurrentDictionary<string, OpenApiDocument> Cache = new();

    /// <summary><c>/openapi/v2</c>: all kinds in one document.</summary>
    public static OpenApiDocument V2(IReadOnlyList<ResourceType> types)
    {
        var published = Published(types);
        return Cached("v2", published, writer => WriteV2(writer, published), SwaggerMessages.Document);
    }

    /// <summary><c>/openapi/v3</c>: where the document of each group version is.</summary>
    public static OpenApiDocument V3Root(IReadOnlyList<ResourceType> types) => Cached("v3", Published(types), writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("paths");
        foreach (var group in Published(types).GroupBy(PathPrefix).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            writer.WriteStartObject(group.Key);
            writer.WriteString("serverRelativeURL", $"/openapi/v3/{group.Key}?hash={HashOf([.. group])}");
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    /// <summary><c>/openapi/v3/api/v1</c>, <c>/openapi/v3/apis/GROUP/VERSION</c>; null where no kind of it is served.</summary>
    public static OpenApiDocument? V3(IReadOnlyList<ResourceType> types, string group, string version)
    {
        var own = Published(types).Where(t => t.Group == group && t.Version == version).ToList();
        return own.Count == 0 ? null : Cached(PathPrefix(own[0]), own, writer => WriteV3(writer, own), OpenApiMessages.Document);
    }

    private static IReadOnlyList<ResourceType> Published(IReadOnlyList<ResourceType> types) => types.Where(t => t.Model is not null).ToList();

    private static string PathPrefix(ResourceType type) => type.Group.Length == 0 ? $"api/{type.Version}" : $"apis/{type.Group}/{type.Version}";

    private static void WriteV2(Utf8JsonWriter writer, IReadOnlyList<ResourceType> types)
    {
        writer.WriteStartObject();
        writer.WriteString("swagger", "2.0");
        WriteInfo(writer);
        var definitions = new DefinitionWriter(writer, OpenApiDialect.V2);
        WritePaths(writer, types, definitions);
        writer.WriteStartObject("definitions");
        definitions.WriteAll();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteV3(Utf8JsonWriter writer, IReadOnlyList<ResourceType> types)
    {
        writer.WriteStartObject();
        writer.WriteString("openapi", "3.0.0");
        WriteInfo(writer);
        var definitions = new DefinitionWriter(writer, OpenApiDialect.V3);
        WritePaths(writer, types, definitions);
        writer.WriteStartObject("components");
        writer.WriteStartObject("schemas");
        definitions.WriteAll();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteInfo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("info");
        writer.WriteString("title", "Kubernetes");
        writer.WriteString("version", KubernetesVersion.Text);
        writer.WriteEndObject();
    }

    private static void WritePaths(Utf8JsonWriter writer, IReadOnlyList<ResourceType> types, DefinitionWriter definitions)
    {
        writer.WriteStartObject("paths");
        foreach (var type in types) new PathWriter(writer, definitions, type).Write("/" + PathPrefix(type));
        writer.WriteEndObject();
    }

    private static OpenApiDocument Cached(string name, IReadOnlyList<ResourceType> types, Action<Utf8JsonWriter> write, MessageShape? message = null)
    {
        var hash = HashOf(types);
        if (Cache.TryGetValue(name, out var cached) && cached.Hash == hash) return cached;
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, Compact)) write(writer);
        return Cache[name] = new(buffer.WrittenSpan.ToArray(), hash, message);
    }

    // A document follows from this build and the kinds in it, so that its hash is known before it is written.
    private static string HashOf(IReadOnlyList<ResourceType> types)
    {
        var text = new StringBuilder(typeof(OpenApiDocuments).Module.ModuleVersionId.ToString());
        foreach (var type in types) text.Append('\n').Append(type).Append(' ').AppendJoin(',', type.Subresources).Append(' ').AppendJoin(',', type.Verbs);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
