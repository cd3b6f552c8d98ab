using ActorOrch.Resources.Kinds.Reviews;
using k8s.Models;

namespace ActorOrch.Resources.Catalog;

/// <summary>Kinds of which nothing is stored: what is posted is a question, and comes back with its answer in <c>status</c>.</summary>
public static class ReviewTypes
{
    public static readonly ResourceType SelfSubjects = Authentication<V1SelfSubjectReview>("SelfSubjectReview");
    public static readonly ResourceType Tokens = Authentication<V1TokenReview>("TokenReview");
    public static readonly ResourceType LocalSubjectAccess = Authorization<V1LocalSubjectAccessReview>("LocalSubjectAccessReview", namespaced: true);
    public static readonly ResourceType SelfSubjectAccess = Authorization<V1SelfSubjectAccessReview>("SelfSubjectAccessReview");
    public static readonly ResourceType SelfSubjectRules = Authorization<V1SelfSubjectRulesReview>("SelfSubjectRulesReview");
    public static readonly ResourceType SubjectAccess = Authorization<V1SubjectAccessReview>("SubjectAccessReview");

    public static IReadOnlyList<ResourceType> All { get; } = [SelfSubjects, Tokens, LocalSubjectAccess, SelfSubjectAccess, SelfSubjectRules, SubjectAccess];

    private static ResourceType Authentication<T>(string kind) => Type<T>("authentication.k8s.io", kind, namespaced: false);

    private static ResourceType Authorization<T>(string kind, bool namespaced = false) => Type<T>("authorization.k8s.io", kind, namespaced);

    private static ResourceType Type<T>(string group, string kind, bool namespaced) => new()
    {
        Group = group,
        Version = "v1",
        Kind = kind,
        Plural = kind.ToLowerInvariant() + "s",
        Singular = kind.ToLowerInvariant(),
        Namespaced = namespaced,
        Verbs = ["create"],
        Model = typeof(T),
        Rules = new ReviewRules(),
        Columns = [],
    };
}
