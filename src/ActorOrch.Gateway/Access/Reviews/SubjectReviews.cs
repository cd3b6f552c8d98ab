using System.Globalization;
using System.Text.Json.Nodes;
using ActorOrch.Gateway.Discovery;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Access.Reviews;

/// <summary><c>SelfSubjectReview</c> (<c>kubectl auth whoami</c>) and <c>TokenReview</c>.</summary>
internal static class SubjectReviews
{
    // What upstream takes for its own audience unless it is told another.
    private const string Audience = "https://kubernetes.default.svc.cluster.local";

    public static JsonObject Self(Caller caller, DateTimeOffset now) => new()
    {
        ["metadata"] = new JsonObject { ["creationTimestamp"] = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) },
        ["status"] = new JsonObject { ["userInfo"] = UserInfo(caller) },
    };

    /// <summary>Throws 400 where there is no token.</summary>
    public static JsonObject OfToken(Authenticator authenticator, JsonObject review)
    {
        var spec = Field.Root(review)["spec"];
        var token = spec["token"].Text;
        if (token.Length == 0) throw ApiException.BadRequest("token is required for TokenReview in authentication");
        var audiences = spec["audiences"].Items.Select(a => a.Text).ToList();
        review["status"] = audiences.Count > 0 && !audiences.Contains(Audience)
            // Of a token that is for others there is nothing to say.
            ? new JsonObject { ["user"] = new JsonObject() }
            : authenticator.CallerOf(token) is { } caller
                ? new() { ["authenticated"] = true, ["user"] = UserInfo(caller), ["audiences"] = new JsonArray(Audience) }
                : new() { ["user"] = new JsonObject(), ["error"] = "invalid bearer token" };
        return review;
    }

    private static JsonObject UserInfo(Caller caller)
    {
        var info = new JsonObject { ["username"] = caller.Name };
        if (caller.Uid.Length > 0) info["uid"] = caller.Uid;
        info["groups"] = ResourceLists.Strings(caller.Groups);
        if (caller.Extra.Count > 0) info["extra"] = new JsonObject(caller.Extra.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)ResourceLists.Strings(e.Value))));
        return info;
    }
}
