using System.Text.Json;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;

namespace ActorOrch.Resources.OpenApi;

/// <summary>Writes the paths of a connection: no document goes in or out, all that it is told stands in the query or in the path.</summary>
internal sealed class ConnectionWriter(Utf8JsonWriter writer, bool v2, ResourceType type)
{
    // Of what takes any path, any method goes on.
    private static readonly string[] EveryMethod = ["get", "put", "post", "delete", "options", "head", "patch"];

    /// <param name="path">Of the connection.</param>
    /// <param name="id">What the names of all operations on the kind's objects have in common, <c>CoreV1NamespacedPod</c>.</param>
    public void Write(string path, string id, Connection connection)
    {
        id += PathWriter.Title(connection.Name);
        WritePath(path, id, connection, below: false);
        if (connection.TakesAnyPath) WritePath($"{path}/{{path}}", id + "WithPath", connection, below: true);
    }

    private void WritePath(string path, string id, Connection connection, bool below)
    {
        writer.WriteStartObject(path);
        foreach (var method in MethodsOf(connection))
        {
            // What is read like an object is not connected to.
            if (connection.Kind is { } options) WriteOperation(method, "connect", $"connect{Insert(id, PathWriter.Title(method))}", options, "*/*");
            else WriteOperation(method, method, $"read{id}", type.Document, "text/plain");
        }
        writer.WriteStartArray("parameters");
        QueryParameters.WritePathParameter(writer, v2, "name");
        if (type.Namespaced) QueryParameters.WritePathParameter(writer, v2, "namespace");
        if (below) QueryParameters.WritePathParameter(writer, v2, connection.PathOption!);
        foreach (var query in connection.Options) QueryParameters.Of(query).Write(writer, v2);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static IEnumerable<string> MethodsOf(Connection connection) =>
        connection.TakesAnyPath ? EveryMethod : connection.Verbs.Select(verb => verb == "create" ? "post" : verb).Order(StringComparer.Ordinal);

    // connectCoreV1GetNamespacedPodExec: the method stands before the scope.
    private string Insert(string id, string method)
    {
        var at = id.IndexOf(type.Namespaced ? "Namespaced" : type.Kind, StringComparison.Ordinal);
        return id.Insert(at, method);
    }

    private void WriteOperation(string method, string action, string id, DocumentKind kind, string media)
    {
        writer.WriteStartObject(method);
        writer.WriteString("operationId", id);
        if (v2)
        {
            WriteOne("consumes", "*/*");
            WriteOne("produces", media);
        }
        writer.WriteStartObject("responses");
        WriteAnswer(media);
        writer.WriteStartObject("401");
        writer.WriteString("description", "Unauthorized");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteString("x-kubernetes-action", action);
        writer.WritePropertyName("x-kubernetes-group-version-kind");
        DefinitionWriter.WriteKind(writer, kind.Group, kind.Version, kind.Kind);
        writer.WriteEndObject();
    }

    private void WriteAnswer(string media)
    {
        writer.WriteStartObject("200");
        writer.WriteString("description", "OK");
        if (!v2)
        {
            writer.WriteStartObject("content");
            writer.WriteStartObject(media);
        }
        writer.WriteStartObject("schema");
        writer.WriteString("type", "string");
        writer.WriteEndObject();
        if (!v2)
        {
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private void WriteOne(string name, string value)
    {
        writer.WriteStartArray(name);
        writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
