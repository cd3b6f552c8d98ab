using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Api;

/// <summary>What happens to what is posted to an object, to do something to it.</summary>
internal static class ActionSteps
{
    /// <summary>Throws 422 for what cannot be done to any object.</summary>
    public static void Validate(ResourceType type, ObjectKey key, PostedAction action, JsonObject posted)
    {
        var errors = new FieldErrors();
        action.Validate(Field.Root(posted), errors);
        if (errors.Any) throw ApiException.Invalid(type, key.Name, errors.All);
    }

    public static Proposal Change(ResourceType type, ChangingAction action, StoredObject current, JsonObject posted, DateTimeOffset now)
    {
        UpdateSteps.CheckPreconditions(type, current, posted);
        return new(action.Apply(current, posted, now)) { IsDecided = true };
    }
}
