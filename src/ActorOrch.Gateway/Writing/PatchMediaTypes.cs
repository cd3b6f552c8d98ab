using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Forms;
using ActorOrch.Gateway.Routing;
using ActorOrch.Registry.Api;

namespace ActorOrch.Gateway.Writing;

/// <summary>The forms of patches, by content type.</summary>
internal static class PatchMediaTypes
{
    private const string Json = "application/json-patch+json";
    private const string Merge = "application/merge-patch+json";
    private const string StrategicMerge = "application/strategic-merge-patch+json";

    private const string Apply = "application/apply-patch+yaml";

    /// <summary>Whether it is a patch at all is another question: this one is applied, and JSON may be sent under the name, too.</summary>
    public static bool IsApply(ApiRequest request) => AcceptHeader.Bare(request.Http.Request.ContentType) == Apply;

    /// <summary>Of a patch that is not applied. Throws 415 for a form that is not served, naming those that are.</summary>
    public static PatchType Read(ApiRequest request)
    {
        // A kind without a model has no merge keys.
        var strategic = request.Type.Model is not null;
        return AcceptHeader.Bare(request.Http.Request.ContentType) switch
        {
            Json => PatchType.Json,
            Merge => PatchType.Merge,
            StrategicMerge when strategic => PatchType.StrategicMerge,
            _ => throw Failures.UnsupportedMediaType(strategic ? [Json, Merge, StrategicMerge, Apply] : [Json, Merge, Apply]),
        };
    }
}
