using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Routing;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Timing;

namespace ActorOrch.Gateway.Reading;

/// <summary><c>meta/v1 ListOptions</c>, read from a query and checked.</summary>
internal sealed record ListQuery
{
    private const string Kind = "ListOptions.meta.k8s.io";
    private const string Exact = "Exact";
    private const string NotOlderThan = "NotOlderThan";

    private static readonly ListQuery Plain = new();

    /// <summary>Null where it was not given. 0: whatever is at hand.</summary>
    public long? Revision { get; private init; }

    public bool MatchExact { get; private init; }

    /// <summary>0: no limit.</summary>
    public long Limit { get; private init; }

    public string Continue { get; private init; } = "";
    public string Labels { get; private init; } = "";
    public string Fields { get; private init; } = "";
    public bool AllowBookmarks { get; private init; }

    /// <summary>Of a watch: whether what exists is sent first; null where the client leaves it to the revision.</summary>
    public bool? SendInitialEvents { get; private init; }

    public TimeSpan? Timeout { get; private init; }

    /// <summary>Throws 400 and 422 for what cannot be read or contradicts itself.</summary>
    public static ListQuery Parse(ApiRequest request)
    {
        if (!request.Http.Request.QueryString.HasValue) return Plain;
        var watching = request.Info.Verb == "watch";
        var match = request.Query("resourceVersionMatch");
        var query = new ListQuery
        {
            Revision = ParseRevision(request.Query("resourceVersion")),
            Limit = QueryNumber.Signed(request, "limit") ?? 0,
            Continue = request.Query("continue"),
            Labels = request.Query("labelSelector"),
            Fields = request.Query("fieldSelector"),
            AllowBookmarks = ParseFlag(request.Query("allowWatchBookmarks")) ?? false,
            SendInitialEvents = ParseFlag(request.Query("sendInitialEvents")),
            // 0 asks for nothing in particular; one that has passed already ends a watch as it begins.
            Timeout = QueryNumber.Signed(request, "timeoutSeconds") is { } seconds and not 0 ? Durations.OfSeconds(seconds) : null,
        };
        var errors = new List<FieldError>();
        if (watching) CheckWatch(query, match, errors);
        else CheckList(query, match, errors);
        if (errors.Count > 0) throw Failures.InvalidParameter(Kind, "", errors);
        if (!watching && query.Continue.Length > 0 && query.Revision is not (null or 0))
            throw ApiException.BadRequest("specifying resource version is not allowed when using continue");

        // With a limit and without a match, upstream has always read a revision as exactly that one.
        var exact = match == Exact || (match.Length == 0 && query.Limit > 0 && query.Revision > 0);
        return query with { MatchExact = exact };
    }

    /// <summary>Null for none. Throws 400 for what is no revision.</summary>
    public static long? ParseRevision(string text)
    {
        if (text.Length == 0) return null;
        var (revision, complaint) = QueryNumber.Unsigned(text, ulong.MaxValue);
        if (complaint is not null) throw ApiException.BadRequest($"resourceVersion: Invalid value: \"{text}\": {complaint}");
        // A revision is never that large: the largest of ours lies as far ahead of everything.
        return (long)Math.Min(revision, long.MaxValue);
    }

    private static void CheckList(ListQuery query, string match, List<FieldError> errors)
    {
        if (match.Length > 0) CheckMatch(query, match, errors);
        if (query.SendInitialEvents is not null) errors.Add(Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"));
    }

    private static void CheckMatch(ListQuery query, string match, List<FieldError> errors)
    {
        const string field = "resourceVersionMatch";
        if (query.Revision is null) errors.Add(Forbidden(field, "resourceVersionMatch is forbidden unless resourceVersion is provided"));
        if (query.Continue.Length > 0) errors.Add(Forbidden(field, "resourceVersionMatch is forbidden when continue is provided"));
        if (match is not (Exact or NotOlderThan)) errors.Add(NotSupported(field, match, Exact, NotOlderThan, ""));
        if (match == Exact && query.Revision == 0)
            errors.Add(Forbidden(field, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""));
    }

    private static void CheckWatch(ListQuery query, string match, List<FieldError> errors)
    {
        const string field = "resourceVersionMatch";
        if (query.SendInitialEvents is not null && match != NotOlderThan)
            errors.Add(Forbidden(field, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"));
        if (match.Length == 0) return;
        if (query.SendInitialEvents is null) errors.Add(Forbidden(field, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"));
        if (match != NotOlderThan) errors.Add(NotSupported(field, match, NotOlderThan));
        if (query.Continue.Length > 0) errors.Add(Forbidden(field, "resourceVersionMatch is forbidden when continue is provided"));
    }

    private static FieldError Forbidden(string field, string detail) => new("FieldValueForbidden", field, $"Forbidden: {detail}");

    private static FieldError NotSupported(string field, string value, params IEnumerable<string> supported) =>
        new("FieldValueNotSupported", field,
            $"Unsupported value: \"{value}\": supported values: {string.Join(", ", supported.Select(s => $"\"{s}\""))}");

    /// <summary>Upstream's reading of query flags: present and neither <c>false</c> nor <c>0</c> means yes.</summary>
    public static bool? ParseFlag(string text) => text switch
    {
        "" => null,
        "false" or "0" => false,
        _ => true,
    };
}
