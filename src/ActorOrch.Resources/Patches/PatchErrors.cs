using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Patches;

/// <summary>The answers to patches that cannot be applied.</summary>
internal static class PatchErrors
{
    /// <summary>422 for a patch that is well formed and does not fit the object; upstream says no more than this.</summary>
    public static ApiException DoesNotFit() => new(422, "Invalid", "the server rejected our request due to an error in our request");

    /// <summary>400 for a patch that is none.</summary>
    public static ApiException Malformed(string message) => ApiException.BadRequest(message);

    public static ApiException TooLarge(string message) => new(413, "RequestEntityTooLarge", message);
}
