using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Routing;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Forms;

/// <summary>Chooses the form of an answer by the <c>Accept</c> header.</summary>
internal static class Negotiation
{
    private static readonly string[] Served = [Answer.JsonType];

    /// <summary>Throws 406 where nothing that the client accepts is served.</summary>
    public static ResponseForm Choose(ApiRequest request, TimeProvider time)
    {
        var accept = request.Http.Request.Headers.Accept.ToString();
        if (accept.Length == 0 || accept is Answer.JsonType or "*/*") return InVersion(request.Type, PlainForm.Of(request.Type));
        return Choose(accept, request.Type, request.Info.Verb, request.Query("includeObject"), time);
    }

    internal static ResponseForm Choose(string accept, ResourceType type, string verb, string include, TimeProvider time)
    {
        foreach (var choice in AcceptHeader.Parse(accept))
        {
            if (!choice.Covers(Answer.JsonType)) continue;
            var (kind, group, version) = (choice["as"], choice["g"], choice["v"]);
            if (kind.Length == 0) return InVersion(type, PlainForm.Of(type));
            if (group is not "meta.k8s.io" || version is not ("v1" or "v1beta1")) continue;
            switch (kind)
            {
                // As upstream, whose kinds without storage have none.
                case "Table" when type.Columns.Count == 0: continue;
                case "Table": return new TableForm(type, version, IncludeOf(include), time);
                case "PartialObjectMetadata":
                    if (verb is "list" or "deletecollection") throw Failures.IsList(kind, type);
                    return InVersion(type, new MetadataForm(version, list: false));
                case "PartialObjectMetadataList":
                    // A deletion may be answered with a Status, which has no other form.
                    if (verb is not ("list" or "deletecollection" or "watch" or "delete")) throw Failures.IsNoList(kind, type);
                    return InVersion(type, new MetadataForm(version, list: true));
            }
        }
        throw Failures.NotAcceptable(Served);
    }

    private static ResponseForm InVersion(ResourceType type, ResponseForm form) => type.Conversion is null ? form : new VersionedForm(type, form);

    private static IncludeObject IncludeOf(string parameter) => parameter switch
    {
        "" or "Metadata" => IncludeObject.Metadata,
        "Object" => IncludeObject.Object,
        "None" => IncludeObject.None,
        _ => throw ApiException.BadRequest(
            $"Unable to convert to Table as requested: includeObject: Invalid value: \"{parameter}\": must be 'Metadata', 'Object', 'None', or empty"),
    };
}
