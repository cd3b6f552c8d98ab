using System.Buffers;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Forms;
using ActorOrch.Gateway.Routing;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Reading;

/// <summary>GET of one object.</summary>
internal sealed class GetHandler(IRegistry registry, TimeProvider time)
{
    public async Task HandleAsync(ApiRequest request)
    {
        var form = Negotiation.Choose(request, time);
        var revision = ListQuery.ParseRevision(request.Query("resourceVersion"));
        var snapshot = await SnapshotReading.ReadAsync(registry[request.Type], revision, time, request.Cancel).ConfigureAwait(false);
        var obj = snapshot.Get(request.Key) ?? throw ApiException.NotFound(request.Type, request.Info.Name);
        await WriteAsync(request, 200, form, obj).ConfigureAwait(false);
    }

    /// <summary>One object as the whole answer.</summary>
    public static async Task WriteAsync(ApiRequest request, int code, ResponseForm form, StoredObject obj)
    {
        var response = request.Http.Response;
        response.StatusCode = code;
        response.ContentType = form.ContentType;
        if (form is PlainForm) response.ContentLength = obj.Json.Length + 1;
        await response.StartAsync(request.Cancel).ConfigureAwait(false);
        form.WriteObject(response.BodyWriter, obj);
        response.BodyWriter.Write("\n"u8);
        if (obj.Json.Length <= LargePieces.PieceBytes) return;
        // Left to itself, the end of a long answer waits for ever for a client that does not read.
        var flush = response.BodyWriter.FlushAsync(request.Cancel);
        if (flush.IsCompleted || request.Unread is not { } unread) await flush.ConfigureAwait(false);
        else await unread.AwaitAsync(request.Http, request.Room?.Unread, flush).ConfigureAwait(false);
    }
}
