using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Reviews;

/// <summary>What a question about access has to say, in upstream's words.</summary>
public static class AccessReviewValidation
{
    /// <summary>Of one about the caller. Throws 422.</summary>
    public static void CheckSelf(JsonObject review) => Check(ReviewTypes.SelfSubjectAccess, review, errors =>
    {
        CheckAttributes(Field.Root(review)["spec"], errors);
        CheckMetadata(review, errors, "must be empty");
    });

    /// <summary>Of one about anyone. Throws 422.</summary>
    public static void CheckAnyone(JsonObject review) => Check(ReviewTypes.SubjectAccess, review, errors =>
    {
        CheckSubject(Field.Root(review)["spec"], errors);
        CheckMetadata(review, errors, "must be empty");
    });

    /// <summary>Of one about anyone in the review's own namespace. Throws 422.</summary>
    public static void CheckLocal(JsonObject review) => Check(ReviewTypes.LocalSubjectAccess, review, errors =>
    {
        var root = Field.Root(review);
        var (resource, other) = (root["spec"]["resourceAttributes"], root["spec"]["nonResourceAttributes"]);
        CheckSubject(root["spec"], errors);
        CheckMetadata(review, errors, "must be empty except for namespace", "namespace");
        if (resource.Exists && resource["namespace"].Text != root["metadata"]["namespace"].Text)
            errors.Invalid(resource["namespace"], resource["namespace"].Text, "must match metadata.namespace");
        if (other.Exists) errors.Invalid(other, "disallowed on this kind of request");
    });

    private static void Check(ResourceType type, JsonObject review, Action<FieldErrors> check)
    {
        var errors = new FieldErrors();
        check(errors);
        if (errors.Any) throw ApiException.Invalid(type, "", errors.All);
    }

    private static void CheckSubject(Field spec, FieldErrors errors)
    {
        CheckAttributes(spec, errors);
        if (spec["user"].Text.Length == 0 && !spec["groups"].Items.Any())
            errors.Invalid(spec["user"], spec["user"].Text, "at least one of user or group must be specified");
    }

    private static void CheckAttributes(Field spec, FieldErrors errors)
    {
        var (resource, other) = (spec["resourceAttributes"], spec["nonResourceAttributes"]);
        if (resource.Exists && other.Exists) errors.Invalid(other, "cannot be specified in combination with resourceAttributes");
        if (!resource.Exists && !other.Exists) errors.Invalid(resource, "null", "exactly one of nonResourceAttributes or resourceAttributes must be specified");
        CheckSelector(resource["fieldSelector"], errors);
        CheckSelector(resource["labelSelector"], errors);
    }

    private static void CheckSelector(Field selector, FieldErrors errors)
    {
        if (!selector.Exists) return;
        var (raw, requirements) = (selector["rawSelector"], selector["requirements"].Items.Any());
        if (raw.Text.Length > 0 && requirements) errors.Invalid(raw, "may not specified at the same time as requirements");
        if (raw.Text.Length == 0 && !requirements)
            errors.Required(selector["requirements"], $"when {selector.Path} is specified, requirements or rawSelector is required");
    }

    private static void CheckMetadata(JsonObject review, FieldErrors errors, string detail, string? allowed = null)
    {
        var metadata = Field.Root(review)["metadata"];
        if (metadata.Entries.Any(e => e.Value.Exists && e.Key != "managedFields" && e.Key != allowed)) errors.Invalid(metadata, detail);
    }
}
