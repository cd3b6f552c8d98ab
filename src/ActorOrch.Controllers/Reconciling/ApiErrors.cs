using ActorOrch.Resources.Errors;

namespace ActorOrch.Controllers.Reconciling;

internal static class ApiErrors
{
    /// <summary>The namespace is terminating: nothing can be created in it any more, which is no controller's failure.</summary>
    public static bool IsNamespaceTerminating(this ApiException error) => error.Code == 403 && error.Causes.Any(c => c.Reason == "NamespaceTerminating");
}
