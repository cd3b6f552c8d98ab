using ActorOrch.Registry;

namespace ActorOrch.Gateway;

/// <summary>The forms of patches, by content type.</summary>
internal static class PatchMediaTypes
{
    private const string Json = "application/json-patch+json";
    private const string Merge = "application/merge-patch+json";
    private const string StrategicMerge = "application/strategic-merge-patch+json";

    /// <summary>Throws 415 for a form that is not served, naming those that are.</summary>
    public static PatchType Read(ApiRequest request)
    {
        // A kind without a model has no merge keys.
        var strategic = request.Type.Model is not null;
        return AcceptHeader.Bare(request.Http.Request.ContentType) switch
        {
            Json => PatchType.Json,
            Merge => PatchType.Merge,
            StrategicMerge when strategic => PatchType.StrategicMerge,
            _ => throw Failures.UnsupportedMediaType(strategic ? [Json, Merge, StrategicMerge] : [Json, Merge]),
        };
    }
}
