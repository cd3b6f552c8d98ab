using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.FieldOwnership;

/// <summary>
/// What kubectl applied on its own side before it applied here is noted in an annotation. Where <c>kubectl</c> is the manager, it may change what it
/// had applied so, and the annotation follows.
/// </summary>
internal static class ClientSideApply
{
    private const string Manager = "kubectl";
    private const string Annotation = "kubectl.kubernetes.io/last-applied-configuration";

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    /// <summary>What kubectl applied itself and nobody has changed since: to change that is no conflict.</summary>
    public static FieldSet Own(JsonObject live, ManagerKey applier, string apiVersion, Schema schema)
    {
        if (applier.Manager != Manager || LastApplied(live) is not { } text) return FieldSet.Empty;
        if (Parse(text) is not { } last || last.Text("apiVersion") != apiVersion) return FieldSet.Empty;
        var changes = FieldChanges.Between(last, live, schema);
        return DocumentFields.Read(last, schema).Except(changes.Changed).Except(changes.Removed);
    }

    /// <summary>Brings the annotation up to date where there is one.</summary>
    public static void Follow(JsonObject document, JsonObject applied, ManagerKey applier)
    {
        if (applier.Manager != Manager || LastApplied(document) is null) return;
        var copy = (JsonObject)applied.DeepClone();
        (copy["metadata"]?["annotations"] as JsonObject)?.Remove(Annotation);
        document["metadata"]!["annotations"]![Annotation] = copy.ToJsonString(Plain) + "\n";
    }

    private static string? LastApplied(JsonObject document) =>
        document.Find("metadata")?.Find("annotations")?.Text(Annotation) is { Length: > 0 } text ? text : null;

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonTree.Parse(Encoding.UTF8.GetBytes(text), new StrictErrorList()) as JsonObject;
        }
        catch (DecodingException)
        {
            // Not what kubectl writes: then it tells nothing.
            return null;
        }
    }
}
