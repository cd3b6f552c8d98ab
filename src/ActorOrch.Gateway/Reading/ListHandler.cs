using ActorOrch.Registry;
using ActorOrch.Resources;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway;

/// <summary>LIST: pages of one consistent revision, written as they are stored.</summary>
internal sealed class ListHandler(IRegistry registry, TimeProvider time)
{
    private const int MostCompressedBytes = 16 * 1024 * 1024;

    private const string InconsistentContinue =
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue "
        + "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided "
        + "token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was "
        + "returned and now may show up in the list.";

    private readonly CompressedLists _compressed = new(MostCompressedBytes);

    public async Task HandleAsync(ApiRequest request)
    {
        var form = Negotiation.Choose(request, time);
        var query = ListQuery.Parse(request);
        var filter = ObjectFilter.Of(request, query);
        ObjectKey? after = null;
        Snapshot? snapshot;
        if (query.Continue.Length > 0)
        {
            var token = ContinueToken.Decode(query.Continue);
            after = token.After;
            snapshot = token.Revision == ContinueToken.Inconsistent
                ? await registry[request.Type].ReadConsistentAsync(request.Cancel).ConfigureAwait(false)
                : await SnapshotReading.FindExactlyAsync(registry[request.Type], token.Revision, time, request.Cancel).ConfigureAwait(false);
            if (snapshot is null)
            {
                await AnswerExpiredAsync(request.Http, token).ConfigureAwait(false);
                return;
            }
        }
        else
        {
            snapshot = query.MatchExact
                ? await SnapshotReading.ReadExactlyAsync(registry[request.Type], query.Revision!.Value, time, request.Cancel).ConfigureAwait(false)
                : await SnapshotReading.ReadAsync(registry[request.Type], query.Revision, time, request.Cancel).ConfigureAwait(false);
        }
        // A list without selectors and pages depends on nothing but the revision.
        var kept = form is PlainForm && after is null && query.Limit <= 0 && !filter.HasSelectors ? _compressed : null;
        await ListAnswer.WriteAsync(request, form, ListPage.Take(snapshot, filter, after, query.Limit), kept).ConfigureAwait(false);
    }

    private static Task AnswerExpiredAsync(HttpContext context, ContinueToken token)
    {
        var status = ApiException.Expired(InconsistentContinue).ToStatus();
        status["metadata"]!["continue"] = (token with { Revision = ContinueToken.Inconsistent }).Encode();
        return Answer.JsonAsync(context, 410, status);
    }
}
