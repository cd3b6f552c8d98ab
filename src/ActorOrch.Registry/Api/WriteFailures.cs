using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Api;

/// <summary>The answers to writes that were not committed.</summary>
internal static class WriteFailures
{
    public static ApiException Of(ResourceType type, ObjectKey key, WriteResult result) => result.Outcome switch
    {
        WriteOutcome.AlreadyExists => ApiException.AlreadyExists(type, key.Name),
        WriteOutcome.NotFound => ApiException.NotFound(type, key.Name),
        WriteOutcome.Conflict => ApiException.Conflict(type, key.Name),
        WriteOutcome.ClaimTaken => ApiException.Conflict(type, key.Name, $"{result.Detail} is already allocated"),
        WriteOutcome.Unavailable => Unavailable(type, key, result.Detail),
        WriteOutcome.TooLarge => ObjectSize.TooLarge(type, key, result.Detail ?? ""),
        _ => throw new ArgumentOutOfRangeException(nameof(result), result.Outcome, "a committed write is no failure"),
    };

    private static ApiException Unavailable(ResourceType type, ObjectKey key, string? detail) =>
        new(503, "ServiceUnavailable", detail ?? "the store cannot acknowledge writes at the moment")
        {
            Name = key.Name,
            Group = type.Group,
            Kind = type.Plural,
            RetryAfterSeconds = 1,
        };
}
