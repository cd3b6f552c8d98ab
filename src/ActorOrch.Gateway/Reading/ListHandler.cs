using ActorOrch.Gateway.Forms;
using ActorOrch.Gateway.Routing;
using ActorOrch.Registry.Collections;

namespace ActorOrch.Gateway.Reading;

/// <summary>LIST: pages of one consistent revision, each object's bytes copied and never encoded again.</summary>
internal sealed class ListHandler(IRegistry registry, TimeProvider time)
{
    private const int MostCompressedBytes = 16 * 1024 * 1024;

    private readonly CompressedLists _compressed = new(MostCompressedBytes);

    public async Task HandleAsync(ApiRequest request)
    {
        var form = Negotiation.Choose(request, time);
        var query = ListQuery.Parse(request);
        var filter = ObjectFilter.Of(request, query);
        var (snapshot, after) = await SnapshotReading.ReadListAsync(registry[request.Type], query, time, request.Cancel).ConfigureAwait(false);
        // A list without selectors and pages depends on nothing but the revision.
        var kept = form is PlainForm && after is null && query.Limit <= 0 && !filter.HasSelectors ? _compressed : null;
        await ListAnswer.WriteAsync(request, form, ListPage.Take(snapshot, filter, after, query.Limit), kept).ConfigureAwait(false);
    }
}
