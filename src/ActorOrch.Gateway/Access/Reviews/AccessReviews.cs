using System.Text.Json.Nodes;
using ActorOrch.Gateway.Routing;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds.Reviews;
using ActorOrch.Resources.Selectors;

namespace ActorOrch.Gateway.Access.Reviews;

/// <summary><c>SelfSubjectAccessReview</c> (<c>kubectl auth can-i</c>), <c>SubjectAccessReview</c> and <c>LocalSubjectAccessReview</c>.</summary>
internal static class AccessReviews
{
    public static JsonObject Self(Caller caller, JsonObject review)
    {
        AccessReviewValidation.CheckSelf(review);
        return Answer(caller, review);
    }

    public static JsonObject Anyone(JsonObject review)
    {
        AccessReviewValidation.CheckAnyone(review);
        return Answer(SubjectOf(review), review);
    }

    public static JsonObject Local(JsonObject review)
    {
        AccessReviewValidation.CheckLocal(review);
        return Answer(SubjectOf(review), review);
    }

    private static JsonObject Answer(Caller caller, JsonObject review)
    {
        var spec = Field.Root(review)["spec"];
        var status = new JsonObject { ["allowed"] = Authorizer.Allows(caller, RequestOf(spec)) };
        // As upstream: a selector that cannot be read restricts nothing, and the answer says so.
        var unread = UnreadSelectors(spec["resourceAttributes"]).ToList();
        if (unread.Count > 0) status["evaluationError"] = string.Join("; ", unread);
        review["status"] = status;
        return review;
    }

    private static Caller SubjectOf(JsonObject review)
    {
        var spec = Field.Root(review)["spec"];
        return new(spec["user"].Text, [.. spec["groups"].Items.Select(g => g.Text)])
        {
            Uid = spec["uid"].Text,
            Extra = spec["extra"].Entries.ToDictionary(e => e.Key, e => (IReadOnlyList<string>)[.. e.Value.Items.Select(v => v.Text)]),
        };
    }

    private static RequestInfo RequestOf(Field spec)
    {
        var (resource, other) = (spec["resourceAttributes"], spec["nonResourceAttributes"]);
        if (!resource.Exists) return new() { Verb = other["verb"].Text, Path = other["path"].Text };
        return new()
        {
            IsResource = true,
            Verb = resource["verb"].Text,
            Group = resource["group"].Text,
            Version = resource["version"].Text is { Length: > 0 } version ? version : "*",
            Namespace = resource["namespace"].Text,
            Resource = resource["resource"].Text,
            Subresource = resource["subresource"].Text,
            Name = resource["name"].Text,
        };
    }

    private static IEnumerable<string> UnreadSelectors(Field resource)
    {
        if (resource["fieldSelector"]["rawSelector"].Text is { Length: > 0 } fields && !FieldSelector.IsWellFormed(fields))
            yield return "spec.resourceAttributes.fieldSelector ignored due to parse error";
        if (resource["labelSelector"]["rawSelector"].Text is { Length: > 0 } labels && !IsLabelSelector(labels))
            yield return "spec.resourceAttributes.labelSelector ignored due to parse error";
    }

    private static bool IsLabelSelector(string text)
    {
        try
        {
            LabelSelector.Parse(text);
            return true;
        }
        catch (ApiException)
        {
            return false;
        }
    }
}
