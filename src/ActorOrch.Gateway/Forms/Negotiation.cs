using ActorOrch.Resources;

namespace ActorOrch.Gateway;

/// <summary>Chooses the form of an answer by the <c>Accept</c> header.</summary>
internal static class Negotiation
{
    private static readonly string[] Served = [Answer.JsonType];

    /// <summary>Throws 406 where nothing that the client accepts is served.</summary>
    public static ResponseForm Choose(ApiRequest request, TimeProvider time)
    {
        var accept = request.Http.Request.Headers.Accept.ToString();
        if (accept.Length == 0 || accept is Answer.JsonType or "*/*") return PlainForm.Instance;
        var include = request.Query("includeObject") switch
        {
            "None" => IncludeObject.None,
            "Object" => IncludeObject.Object,
            _ => IncludeObject.Metadata,
        };
        return Choose(accept, request.Type, include, time);
    }

    internal static ResponseForm Choose(string accept, ResourceType type, IncludeObject include, TimeProvider time)
    {
        foreach (var choice in AcceptHeader.Parse(accept))
        {
            if (!choice.Covers(Answer.JsonType)) continue;
            var (kind, group, version) = (choice["as"], choice["g"], choice["v"]);
            if (kind.Length == 0) return PlainForm.Instance;
            if (group is not "meta.k8s.io" || version is not ("v1" or "v1beta1")) continue;
            switch (kind)
            {
                case "Table": return new TableForm(type, version, include, time);
                case "PartialObjectMetadata": return new MetadataForm(version, list: false);
                case "PartialObjectMetadataList": return new MetadataForm(version, list: true);
            }
        }
        throw Failures.NotAcceptable(Served);
    }
}
