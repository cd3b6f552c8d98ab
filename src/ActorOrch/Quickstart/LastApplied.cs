using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;

namespace ActorOrch.Quickstart;

/// <summary>
/// What kubectl keeps on an object that it has applied: the manifest, from which it sees the next time what has been taken out of it. An object
/// without it makes <c>kubectl apply</c> warn.
/// </summary>
internal static class LastApplied
{
    public const string Annotation = "kubectl.kubernetes.io/last-applied-configuration";

    // What Go's own encoder escapes, it does below.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object as kubectl sends it: in its namespace, and with itself as an annotation.</summary>
    public static JsonObject Manifest(object document, string @namespace)
    {
        var manifest = (JsonObject)Sorted(JsonNode.Parse(KubernetesJson.Serialize(document)))!;
        var metadata = manifest["metadata"]!.AsObject();
        metadata["namespace"] = @namespace;
        if (metadata["annotations"] is not JsonObject) metadata["annotations"] = new JsonObject();
        manifest = (JsonObject)Sorted(manifest)!;
        manifest["metadata"]!["annotations"]![Annotation] = Text(manifest);
        return manifest;
    }

    /// <summary>Byte for byte as Go writes it: keys in order, what matters to HTML escaped, and a line's end.</summary>
    private static string Text(JsonObject manifest) => manifest.ToJsonString(Plain)
        .Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal) + "\n";

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => KeyValuePair.Create(item.Key, Sorted(item.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
