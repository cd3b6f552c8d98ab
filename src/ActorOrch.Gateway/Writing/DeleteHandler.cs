using System.Text.Json.Nodes;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Forms;
using ActorOrch.Gateway.Reading;
using ActorOrch.Gateway.Routing;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Writing;

/// <summary>DELETE of one object and DELETECOLLECTION.</summary>
internal sealed class DeleteHandler(IObjectApi api, TimeProvider time)
{
    // Deletions of a collection run together, so that they share commits.
    private const int AtOnce = 64;

    public async Task DeleteAsync(ApiRequest request)
    {
        var form = Negotiation.Choose(request, time);
        var write = WriteQuery.Read(request, "DeleteOptions");
        var options = await DeleteOptionsReader.ReadAsync(request).ConfigureAwait(false);
        var outcome = await api.DeleteAsync(
            request.Type, request.Key, options.Request, write with { DryRun = write.DryRun || options.DryRun }, request.Cancel).ConfigureAwait(false);

        // Upstream says 202 only to those who asked for cascading in the old way.
        var code = !outcome.Removed && options.Orphan == false ? 202 : 200;
        if (outcome.Removed && !request.Type.Rules.ReturnsDeleted)
            await Answer.JsonAsync(request.Http, code, Answer.Success(details: Details(request.Type, outcome.Object))).ConfigureAwait(false);
        else
            await GetHandler.WriteAsync(request, code, form, outcome.Object).ConfigureAwait(false);
    }

    public async Task DeleteCollectionAsync(ApiRequest request)
    {
        var form = Negotiation.Choose(request, time);
        var write = WriteQuery.Read(request, "DeleteOptions");
        var query = ListQuery.Parse(request);
        var filter = ObjectFilter.Of(request, query);
        var options = await DeleteOptionsReader.ReadAsync(request).ConfigureAwait(false);
        var (snapshot, after) = await SnapshotReading.ReadListAsync(api.Registry[request.Type], query, time, request.Cancel).ConfigureAwait(false);
        var page = ListPage.Take(snapshot, filter, after, query.Limit);
        page = page with { Items = [.. page.Items] };
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = request.Cancel };
        await Parallel.ForEachAsync(page.Items, parallel, async (obj, cancel) =>
        {
            try
            {
                await api.DeleteAsync(
                    request.Type, obj.Key, options.Request, write with { DryRun = write.DryRun || options.DryRun }, cancel).ConfigureAwait(false);
            }
            catch (ApiException gone) when (gone.Code == 404)
            {
                // Someone else deleted it meanwhile, which is what was wanted.
            }
        }).ConfigureAwait(false);
        // As upstream: the page as it was listed, with the token for the next.
        await ListAnswer.WriteAsync(request, form, page).ConfigureAwait(false);
    }

    private static JsonObject Details(ResourceType type, StoredObject obj)
    {
        var details = new JsonObject { ["name"] = obj.Key.Name };
        if (type.Group.Length > 0) details["group"] = type.Group;
        details["kind"] = type.Plural;
        details["uid"] = obj.Uid;
        return details;
    }
}
