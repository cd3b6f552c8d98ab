using System.Globalization;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Timing;

namespace ActorOrch.Registry.Api;

/// <summary>What a DELETE does to an object now.</summary>
/// <param name="Remove">It is removed; otherwise it is replaced by <paramref name="Draft"/>, which has its deletionTimestamp.</param>
internal sealed record DeleteStep(bool Remove, ObjectDraft? Draft)
{
    /// <summary>It is on its way already, and this request changes nothing about that.</summary>
    public bool Nothing => !Remove && Draft is null;
}

/// <summary>Deletion as upstream's generic registry does it: preconditions, finalizers by propagation, grace.</summary>
internal static class DeleteSteps
{
    public const string OrphanFinalizer = "orphan";
    public const string ForegroundFinalizer = "foregroundDeletion";

    /// <param name="type">What the object's kind is, in the version in which it is stored.</param>
    public static DeleteStep Decide(ResourceType type, StoredObject current, DeleteRequest request, DateTimeOffset now)
    {
        CheckPreconditions(type, current, request);
        var document = current.ToJson();
        var metadata = document["metadata"]!.AsObject();
        var rules = type.Rules;
        var finalizersChanged = SetPropagationFinalizers(metadata, request.Propagation ?? Default(rules, metadata));
        if (current.Meta.DeletionTimestamp is { } deletion)
        {
            // A later request may shorten the grace, never lengthen it; one that names none leaves it.
            var left = Math.Max(0, current.Meta.DeletionGracePeriodSeconds ?? 0);
            var wanted = Math.Max(0, request.GracePeriodSeconds ?? left);
            var shorter = wanted < left;
            if (shorter) SetDeletion(metadata, deletion.After(-left).After(wanted), wanted);
            if ((shorter ? wanted : left) == 0 && !rules.HoldsFinalizers(document)) return new(Remove: true, ObjectDraft.Encode(document));
            return shorter || finalizersChanged ? new(Remove: false, ObjectDraft.Encode(document)) : new(Remove: false, null);
        }
        var graceful = rules.GracePeriodSeconds(current, request.GracePeriodSeconds);
        var grace = Math.Max(0, graceful ?? 0);
        var remove = grace == 0 && !rules.HoldsFinalizers(document);
        if (remove && graceful is null) return new(Remove: true, null);
        SetDeletion(metadata, now.After(grace), grace);
        // Of what could have had a grace the last state says that it had none.
        if (remove) return new(Remove: true, ObjectDraft.Encode(document));
        if (metadata["generation"] is JsonValue generation) metadata["generation"] = generation.GetValue<long>() + 1;
        rules.OnDeletionStarted(document);
        return new(Remove: false, ObjectDraft.Encode(document));
    }

    /// <summary>Whether an object that is being deleted has no finalizer left.</summary>
    public static bool IsFinished(ResourceType type, JsonObject document)
    {
        var metadata = Field.Root(document)["metadata"];
        return metadata["deletionTimestamp"].Exists
            && (metadata["deletionGracePeriodSeconds"].Integer ?? 0) == 0
            && !type.Rules.HoldsFinalizers(document);
    }

    private static void CheckPreconditions(ResourceType type, StoredObject current, DeleteRequest request)
    {
        if (request.PreconditionUid is { } uid && uid != current.Uid)
            throw Conflict(type, current,
                $"the UID in the precondition ({uid}) does not match the UID in record ({current.Uid}). The object might have been deleted and then recreated");
        if (request.PreconditionResourceVersion is { } revision && revision != current.Revision.ToString(CultureInfo.InvariantCulture))
            throw Conflict(type, current,
                $"the ResourceVersion in the precondition ({revision}) does not match the ResourceVersion in record ({current.Revision}). The object might have been modified");
    }

    /// <summary>Here upstream names the kind where it otherwise names the resource.</summary>
    private static ApiException Conflict(ResourceType type, StoredObject current, string detail)
    {
        var kind = type.Group.Length == 0 ? type.Kind : $"{type.Kind}.{type.Group}";
        return new(409, "Conflict", $"Operation cannot be fulfilled on {kind} \"{current.Key.Name}\": {detail}")
        {
            Name = current.Key.Name,
            Group = type.Group,
            Kind = type.Kind,
        };
    }

    // What an earlier request has chosen stays.
    private static Propagation? Default(KindRules rules, JsonObject metadata)
    {
        if (!rules.OrphansByDefault) return null;
        var chosen = metadata["finalizers"] is JsonArray finalizers && finalizers.Any(f => f!.GetValue<string>() is OrphanFinalizer or ForegroundFinalizer);
        return chosen ? null : Propagation.Orphan;
    }

    private static bool SetPropagationFinalizers(JsonObject metadata, Propagation? propagation)
    {
        if (propagation is null) return false;
        var before = (metadata["finalizers"] as JsonArray)?.Select(f => f!.GetValue<string>()).ToList() ?? [];
        var after = before.Where(f => f is not (OrphanFinalizer or ForegroundFinalizer)).ToList();
        if (propagation == Propagation.Orphan) after.Add(OrphanFinalizer);
        if (propagation == Propagation.Foreground) after.Add(ForegroundFinalizer);
        if (after.SequenceEqual(before)) return false;
        if (after.Count == 0) metadata.Remove("finalizers");
        else metadata["finalizers"] = new JsonArray([.. after.Select(f => JsonValue.Create(f))]);
        return true;
    }

    private static void SetDeletion(JsonObject metadata, DateTimeOffset at, long grace)
    {
        metadata["deletionTimestamp"] = CreateSteps.Timestamp(at);
        metadata["deletionGracePeriodSeconds"] = grace;
    }
}
