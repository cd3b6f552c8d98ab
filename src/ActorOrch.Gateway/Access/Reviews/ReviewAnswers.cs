using ActorOrch.Gateway.Answering;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Access.Reviews;

/// <summary>The questions about who one is and what one may, with the authenticators and rules of every request behind them.</summary>
internal static class ReviewAnswers
{
    public static IReadOnlyList<AnsweredKind> All(Authenticator authenticator, TimeProvider time) =>
    [
        new(ReviewTypes.SelfSubjects, (request, _) => SubjectReviews.Self(request.Caller, time.GetUtcNow())),
        new(ReviewTypes.Tokens, (_, review) => SubjectReviews.OfToken(authenticator, review)),
        new(ReviewTypes.LocalSubjectAccess, (_, review) => AccessReviews.Local(review)),
        new(ReviewTypes.SelfSubjectAccess, (request, review) => AccessReviews.Self(request.Caller, review)),
        new(ReviewTypes.SelfSubjectRules, (request, review) => RulesReviews.Self(request.Caller, review)),
        new(ReviewTypes.SubjectAccess, (_, review) => AccessReviews.Anyone(review)),
    ];
}
