using ActorOrch.Resources;

namespace ActorOrch.Gateway;

/// <summary>The questions about who one is and what one may, with the authenticators and rules of every request behind them.</summary>
internal static class ReviewAnswers
{
    public static IReadOnlyList<AnsweredKind> All(Authenticator authenticator, TimeProvider time) =>
    [
        new(Reviews.SelfSubjects, (request, _) => SubjectReviews.Self(request.Caller, time.GetUtcNow())),
        new(Reviews.Tokens, (_, review) => SubjectReviews.OfToken(authenticator, review)),
        new(Reviews.LocalSubjectAccess, (_, review) => AccessReviews.Local(review)),
        new(Reviews.SelfSubjectAccess, (request, review) => AccessReviews.Self(request.Caller, review)),
        new(Reviews.SelfSubjectRules, (request, review) => RulesReviews.Self(request.Caller, review)),
        new(Reviews.SubjectAccess, (_, review) => AccessReviews.Anyone(review)),
    ];
}
