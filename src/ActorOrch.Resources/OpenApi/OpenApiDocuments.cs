using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.OpenApi.Protobuf;

namespace ActorOrch.Resources.OpenApi;

/// <summary>
/// What <c>/openapi/v2</c> and <c>/openapi/v3</c> answer, written from the schemas when someone asks and kept until the served kinds change: a
/// change of one rewrites the document of its group version and that of all, and no other.
/// </summary>
public static class OpenApiDocuments
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly ConditionalWeakTable<IReadOnlyList<ResourceType>, OpenApiCache> Caches = [];

    // Of the kinds before the last change: most of its documents are still right.
    private static volatile OpenApiCache? _last;

    /// <summary><c>/openapi/v2</c>: all kinds in one document.</summary>
    /// <param name="types">The same instance for as long as nothing has changed.</param>
    public static OpenApiDocument V2(IReadOnlyList<ResourceType> types) =>
        CacheOf(types).Get("v2", () => HashOf(types), hash => Write(hash, writer => WriteV2(writer, types), SwaggerMessages.Document));

    /// <summary><c>/openapi/v3</c>: where the document of each group version is.</summary>
    public static OpenApiDocument V3Root(IReadOnlyList<ResourceType> types) =>
        CacheOf(types).Get("v3", () => HashOf(types), hash => Write(hash, writer => WriteV3Root(writer, types)));

    private static void WriteV3Root(Utf8JsonWriter writer, IReadOnlyList<ResourceType> types)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("paths");
        foreach (var group in types.GroupBy(PathPrefix).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            writer.WriteStartObject(group.Key);
            writer.WriteString("serverRelativeURL", $"/openapi/v3/{group.Key}?hash={HashOf(group)}");
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    /// <summary><c>/openapi/v3/api/v1</c>, <c>/openapi/v3/apis/GROUP/VERSION</c>; null where no kind of it is served.</summary>
    public static OpenApiDocument? V3(IReadOnlyList<ResourceType> types, string group, string version)
    {
        var name = group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}";
        var cache = CacheOf(types);
        if (cache.Find(name) is { } known) return known;
        var own = types.Where(t => t.Group == group && t.Version == version).ToList();
        return own.Count == 0 ? null : cache.Get(name, () => HashOf(own), hash => Write(hash, writer => WriteV3(writer, own), OpenApiMessages.Document));
    }

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

    private static OpenApiCache CacheOf(IReadOnlyList<ResourceType> types) => Caches.GetValue(types, static _ => _last = new(_last));

    private static OpenApiDocument Write(string hash, Action<Utf8JsonWriter> write, MessageShape? message = null)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, Compact)) write(writer);
        return new(buffer.WrittenSpan.ToArray(), hash, message);
    }

    // A document follows from this build and the kinds in it, so that its hash is known before it is written.
    private static string HashOf(IEnumerable<ResourceType> types)
    {
        var text = new StringBuilder(typeof(OpenApiDocuments).Module.ModuleVersionId.ToString());
        foreach (var type in types)
            text.Append('\n').Append(type).Append(' ').AppendJoin(',', type.Subresources.Select(s => s.Name)).Append(' ').AppendJoin(',', type.Verbs).Append(' ').Append(type.Fingerprint);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
