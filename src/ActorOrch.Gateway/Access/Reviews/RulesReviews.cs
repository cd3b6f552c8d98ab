using System.Text.Json.Nodes;
using ActorOrch.Gateway.Discovery;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Access.Reviews;

/// <summary><c>SelfSubjectRulesReview</c> (<c>kubectl auth can-i --list</c>).</summary>
internal static class RulesReviews
{
    /// <summary>Throws 400 where the question names no namespace.</summary>
    public static JsonObject Self(Caller caller, JsonObject review)
    {
        if (Field.Root(review)["spec"]["namespace"].Text.Length == 0) throw ApiException.BadRequest("no namespace on request");
        var rules = AccessRules.For(caller).ToList();
        return new()
        {
            ["spec"] = new JsonObject(),
            ["status"] = new JsonObject
            {
                ["resourceRules"] = new JsonArray([.. rules.Where(r => r.Resources.Count > 0).Select(r => new JsonObject
                {
                    ["verbs"] = ResourceLists.Strings(r.Verbs),
                    ["apiGroups"] = ResourceLists.Strings(r.ApiGroups),
                    ["resources"] = ResourceLists.Strings(r.Resources),
                })]),
                ["nonResourceRules"] = new JsonArray([.. rules.Where(r => r.Paths.Count > 0).Select(r => new JsonObject
                {
                    ["verbs"] = ResourceLists.Strings(r.Verbs),
                    ["nonResourceURLs"] = ResourceLists.Strings(r.Paths),
                })]),
                ["incomplete"] = false,
            },
        };
    }
}
