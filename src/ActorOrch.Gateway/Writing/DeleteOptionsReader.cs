using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Reading;
using ActorOrch.Gateway.Routing;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Schemas;
using k8s.Models;

namespace ActorOrch.Gateway.Writing;

/// <summary><c>meta/v1 DeleteOptions</c>, from a body, from the query, or from within an Eviction.</summary>
/// <param name="Orphan">The old <c>orphanDependents</c>, where it was given.</param>
internal sealed record DeleteOptions(DeleteRequest Request, bool DryRun, bool? Orphan);

internal static class DeleteOptionsReader
{
    private const string Kind = "DeleteOptions";

    /// <summary>Throws 400 and 422 for what cannot be read or contradicts itself.</summary>
    public static async ValueTask<DeleteOptions> ReadAsync(ApiRequest request)
    {
        var body = await RequestBody.ReadAsync(request).ConfigureAwait(false);
        return body.Length == 0 ? FromQuery(request) : FromBody(body, request.Http.Request.ContentType ?? "");
    }

    /// <summary>Reads a decoded document.</summary>
    public static DeleteOptions Read(Field document)
    {
        var grace = document["gracePeriodSeconds"].Integer;
        var preconditions = document["preconditions"];
        return Check(
            grace,
            document["propagationPolicy"].Text,
            document["orphanDependents"].Flag,
            document["dryRun"].Items.Select(s => s.Text),
            preconditions["uid"].Exists ? preconditions["uid"].Text : null,
            preconditions["resourceVersion"].Exists ? preconditions["resourceVersion"].Text : null);
    }

    private static DeleteOptions FromBody(ReadOnlyMemory<byte> body, string contentType) =>
        Read(Field.Root(ObjectDecoder.DecodeOptions(body, contentType, Schema.Of(typeof(V1DeleteOptions)), Kind).Object));

    private static DeleteOptions FromQuery(ApiRequest request)
    {
        if (!request.Http.Request.QueryString.HasValue) return new(new(), false, null);
        return Check(
            QueryNumber.Signed(request, "gracePeriodSeconds"),
            request.Query("propagationPolicy"),
            ListQuery.ParseFlag(request.Query("orphanDependents")),
            request.Http.Request.Query["dryRun"],
            uid: null,
            revision: null);
    }

    private static DeleteOptions Check(long? grace, string propagation, bool? orphan, IEnumerable<string?> dryRun, string? uid, string? revision)
    {
        var errors = new List<FieldError>();
        if (propagation.Length > 0 && orphan is not null)
            errors.Add(new("FieldValueInvalid", "propagationPolicy", $"Invalid value: \"{propagation}\": orphanDependents and deletionPropagation cannot be both set"));
        if (propagation is not ("" or "Foreground" or "Background" or "Orphan"))
            errors.Add(new("FieldValueNotSupported", "propagationPolicy",
                $"Unsupported value: \"{propagation}\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""));
        var dry = WriteQuery.ReadDryRun(dryRun, errors);
        if (errors.Count > 0) throw Failures.InvalidParameter($"{Kind}.meta.k8s.io", "", errors);
        var request = new DeleteRequest
        {
            // As upstream: a negative grace means the shortest.
            GracePeriodSeconds = grace < 0 ? 1 : grace,
            Propagation = propagation switch
            {
                "Foreground" => Propagation.Foreground,
                "Background" => Propagation.Background,
                "Orphan" => Propagation.Orphan,
                _ => orphan is null ? null : orphan.Value ? Propagation.Orphan : Propagation.Background,
            },
            PreconditionUid = uid,
            PreconditionResourceVersion = revision,
        };
        return new(request, dry, orphan);
    }
}
