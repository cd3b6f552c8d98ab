using System.Text.Json;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;
using k8s.Models;

namespace ActorOrch.Resources.OpenApi;

/// <summary>Writes the paths under which a kind is served, with what each operation takes and answers.</summary>
internal sealed class PathWriter(Utf8JsonWriter writer, DefinitionWriter definitions, ResourceType type)
{
    private static readonly string[] EveryPatchType =
        ["application/json-patch+json", "application/merge-patch+json", "application/strategic-merge-patch+json", "application/apply-patch+yaml"];

    private bool V2 => definitions.Dialect == OpenApiDialect.V2;

    private PublishedType Model => PublishedType.Of(type);

    /// <summary>As upstream: those of kinds without a model are merged by no struct tags.</summary>
    private string[] PatchTypes => type.Model is null ? [.. EveryPatchType.Where(t => t != "application/strategic-merge-patch+json")] : EveryPatchType;

    /// <summary>All paths of the kind below <paramref name="prefix"/>, e.g. <c>/apis/apps/v1</c>.</summary>
    public void Write(string prefix)
    {
        var collection = type.Namespaced ? $"{prefix}/namespaces/{{namespace}}/{type.Plural}" : $"{prefix}/{type.Plural}";
        var scope = type.Namespaced ? "Namespaced" : "";
        WritePath(collection, named: false, type.Namespaced, () =>
        {
            Verb("list", () => Operation("get", "list", "list" + Id(scope), ListModel, QueryParameters.List));
            Verb("create", () => Operation("post", "post", "create" + Id(scope), Model, QueryParameters.Write, Model));
            Verb("deletecollection", () =>
                Operation("delete", "deletecollection", "deleteCollection" + Id(scope), typeof(V1Status), QueryParameters.DeleteCollection, typeof(V1DeleteOptions)));
        });
        if (type.Verbs.Contains("get"))
            WritePath(collection + "/{name}", named: true, type.Namespaced, () =>
            {
                Operation("get", "get", "read" + Id(scope), Model, []);
                Verb("update", () => Operation("put", "put", "replace" + Id(scope), Model, QueryParameters.Write, Model));
                Verb("delete", () => Operation("delete", "delete", "delete" + Id(scope), typeof(V1Status), QueryParameters.Delete, typeof(V1DeleteOptions)));
                Verb("patch", () => Patch("patch" + Id(scope), Model));
            });
        foreach (var subresource in type.Subresources)
        {
            if (subresource is Connection connection) new ConnectionWriter(writer, V2, type).Write($"{collection}/{{name}}/{connection.Name}", Id(scope), connection);
            else if (PublishedType.Of(subresource, type) is { } model) WriteSubresource(collection, scope, subresource, model);
        }
        if (type.Namespaced && type.Verbs.Contains("list"))
            WritePath($"{prefix}/{type.Plural}", named: false, namespaced: false, () =>
                Operation("get", "list", "list" + Id("") + "ForAllNamespaces", ListModel, QueryParameters.List));
    }

    private void Verb(string verb, Action write)
    {
        if (type.Verbs.Contains(verb)) write();
    }

    private void WriteSubresource(string collection, string scope, Subresource subresource, PublishedType model)
    {
        var id = Id(scope) + Title(subresource.Name);
        var kind = model.Model is { } known ? DefinitionNames.KindOf(known) : null;
        WritePath($"{collection}/{{name}}/{subresource.Name}", named: true, type.Namespaced, () =>
        {
            if (subresource.Verbs.Contains("create")) Operation("post", "post", "create" + id, model, QueryParameters.Write, model, kind);
            if (subresource.Verbs.Contains("get")) Operation("get", "get", "read" + id, model, [], kind: kind);
            if (subresource.Verbs.Contains("update")) Operation("put", "put", "replace" + id, model, QueryParameters.Write, model, kind);
            if (subresource.Verbs.Contains("patch")) Patch("patch" + id, model, kind);
        });
    }

    private PublishedType ListModel => PublishedType.ListOf(type);

    private void WritePath(string path, bool named, bool namespaced, Action operations)
    {
        writer.WriteStartObject(path);
        operations();
        writer.WriteStartArray("parameters");
        if (named) QueryParameters.WritePathParameter(writer, V2, "name");
        if (namespaced) QueryParameters.WritePathParameter(writer, V2, "namespace");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void Patch(string id, PublishedType model, KubernetesEntityAttribute? kind = null) =>
        Operation("patch", "patch", id, model, QueryParameters.Patch, typeof(object), kind);

    private void Operation(
        string method, string action, string id, PublishedType answer, IReadOnlyList<QueryParameters.Parameter> parameters, PublishedType? body = null,
        KubernetesEntityAttribute? kind = null)
    {
        writer.WriteStartObject(method);
        writer.WriteString("operationId", id);
        if (V2) WriteMediaTypes(method);
        writer.WriteStartArray("parameters");
        if (V2 && body is not null) WriteBodyParameter(body.Value, method);
        foreach (var parameter in parameters) parameter.Write(writer, V2);
        writer.WriteEndArray();
        if (!V2 && body is not null) WriteRequestBody(body.Value, method);
        WriteResponses(answer, created: method is "post" or "put" or "patch");
        writer.WriteString("x-kubernetes-action", action);
        writer.WritePropertyName("x-kubernetes-group-version-kind");
        DefinitionWriter.WriteKind(writer, kind?.Group ?? type.Group, kind?.ApiVersion ?? type.Version, kind?.Kind ?? type.Kind);
        writer.WriteEndObject();
    }

    private void WriteMediaTypes(string method)
    {
        WriteStrings("consumes", method == "patch" ? PatchTypes : ["*/*"]);
        WriteStrings("produces", ["application/json"]);
    }

    private void WriteBodyParameter(PublishedType body, string method)
    {
        writer.WriteStartObject();
        writer.WriteString("name", "body");
        writer.WriteString("in", "body");
        writer.WriteBoolean("required", method != "delete");
        writer.WritePropertyName("schema");
        WriteBodySchema(body);
        writer.WriteEndObject();
    }

    private void WriteRequestBody(PublishedType body, string method)
    {
        writer.WriteStartObject("requestBody");
        writer.WriteStartObject("content");
        foreach (var media in method == "patch" ? PatchTypes : ["*/*"])
        {
            writer.WriteStartObject(media);
            writer.WritePropertyName("schema");
            WriteBodySchema(body);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
        if (method != "delete") writer.WriteBoolean("required", true);
        writer.WriteEndObject();
    }

    private void WriteBodySchema(PublishedType body)
    {
        if (body.Model != typeof(object))
        {
            definitions.WriteReference(body, type.Group);
            return;
        }
        writer.WriteStartObject();
        writer.WriteString("type", "object");
        writer.WriteEndObject();
    }

    private void WriteResponses(PublishedType answer, bool created)
    {
        writer.WriteStartObject("responses");
        WriteResponse("200", "OK", answer);
        if (created) WriteResponse("201", "Created", answer);
        writer.WriteStartObject("401");
        writer.WriteString("description", "Unauthorized");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteResponse(string code, string description, PublishedType answer)
    {
        writer.WriteStartObject(code);
        writer.WriteString("description", description);
        if (!V2)
        {
            writer.WriteStartObject("content");
            writer.WriteStartObject("application/json");
        }
        writer.WritePropertyName("schema");
        definitions.WriteReference(answer, type.Group);
        if (!V2)
        {
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private void WriteStrings(string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values) writer.WriteStringValue(value);
        writer.WriteEndArray();
    }

    // AppsV1NamespacedDeployment
    private string Id(string scope)
    {
        var group = type.Group.Length == 0 ? "Core" : string.Concat(type.Group.Replace(".k8s.io", "", StringComparison.Ordinal).Split('.').Select(Title));
        return $"{group}{Title(type.Version)}{scope}{type.Kind}";
    }

    internal static string Title(string text) => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..];
}
