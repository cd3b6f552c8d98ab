using System.Globalization;
using ActorOrch.Gateway.Answers;
using ActorOrch.Gateway.Reading;
using ActorOrch.Gateway.Routing;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Timing;

namespace ActorOrch.Gateway.Subresources;

/// <summary><c>v1 PodLogOptions</c>, read from a query and checked.</summary>
internal sealed record LogQuery
{
    public string Container { get; private init; } = "";
    public bool Follow { get; private init; }
    public bool Previous { get; private init; }
    public bool Timestamps { get; private init; }
    public long? TailLines { get; private init; }
    public long? LimitBytes { get; private init; }
    public DateTimeOffset? Since { get; private init; }

    /// <summary>Throws 400 and 422 as upstream does.</summary>
    public static LogQuery Parse(ApiRequest request, DateTimeOffset now)
    {
        var sinceSeconds = QueryNumber.Signed(request, "sinceSeconds");
        var sinceTime = Time(request.Query("sinceTime"));
        var tail = QueryNumber.Signed(request, "tailLines");
        var limit = QueryNumber.Signed(request, "limitBytes");
        var errors = new List<FieldError>();
        if (tail < 0) errors.Add(Invalid("tailLines", tail, "must be greater than or equal to 0"));
        if (limit < 1) errors.Add(Invalid("limitBytes", limit, "must be greater than 0"));
        if (sinceSeconds is not null && sinceTime is not null)
            errors.Add(new("FieldValueForbidden", "", "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified"));
        else if (sinceSeconds < 1) errors.Add(Invalid("sinceSeconds", sinceSeconds, "must be greater than 0"));
        if (errors.Count > 0) throw Failures.InvalidParameter("PodLogOptions", request.Info.Name, errors);
        return new()
        {
            Container = request.Query("container"),
            Follow = Flag(request, "follow"),
            Previous = Flag(request, "previous"),
            Timestamps = Flag(request, "timestamps"),
            TailLines = tail,
            LimitBytes = limit,
            Since = sinceSeconds is { } seconds ? now.After(-seconds) : sinceTime,
        };
    }

    private static bool Flag(ApiRequest request, string name) => ListQuery.ParseFlag(request.Query(name)) == true;

    private static DateTimeOffset? Time(string text)
    {
        if (text.Length == 0) return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time;
        throw ApiException.BadRequest($"parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\"");
    }

    private static FieldError Invalid(string field, long? value, string detail) => new("FieldValueInvalid", field, $"Invalid value: {value}: {detail}");
}
