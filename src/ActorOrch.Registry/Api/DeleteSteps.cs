using System.Globalization;
using System.Text.Json.Nodes;
using ActorOrch.Resources;

namespace ActorOrch.Registry;

/// <summary>What a DELETE does to an object now.</summary>
/// <param name="Remove">It goes; otherwise it is replaced by <paramref name="Draft"/>, which says that it is going.</param>
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

    public static DeleteStep Decide(StoredObject current, DeleteRequest request, DateTimeOffset now)
    {
        CheckPreconditions(current, request);
        var document = current.ToJson();
        var metadata = document["metadata"]!.AsObject();
        var rules = current.Type.Rules;
        var finalizersChanged = SetPropagationFinalizers(metadata, request.Propagation);
        var grace = Math.Max(0, rules.GracePeriodSeconds(current, request.GracePeriodSeconds) ?? 0);
        var going = current.Meta.DeletionTimestamp is not null;
        if (going)
        {
            // A later request may shorten the grace, never lengthen it.
            var left = current.Meta.DeletionGracePeriodSeconds ?? 0;
            var shorter = grace < left;
            if (shorter) SetDeletion(metadata, current.Meta.DeletionTimestamp!.Value.AddSeconds(grace - left), grace);
            if ((shorter || left == 0) && grace == 0 && !rules.HoldsFinalizers(document)) return new(Remove: true, ObjectDraft.Encode(document));
            return shorter || finalizersChanged ? new(Remove: false, ObjectDraft.Encode(document)) : new(Remove: false, null);
        }
        if (grace == 0 && !rules.HoldsFinalizers(document)) return new(Remove: true, null);
        SetDeletion(metadata, now.AddSeconds(grace), grace);
        if (metadata["generation"] is JsonValue generation) metadata["generation"] = generation.GetValue<long>() + 1;
        rules.OnDeletionStarted(document);
        return new(Remove: false, ObjectDraft.Encode(document));
    }

    /// <summary>Whether an object that is going has nothing left that holds it.</summary>
    public static bool IsFinished(ResourceType type, JsonObject document)
    {
        var metadata = Field.Root(document)["metadata"];
        return metadata["deletionTimestamp"].Exists
            && (metadata["deletionGracePeriodSeconds"].Integer ?? 0) == 0
            && !type.Rules.HoldsFinalizers(document);
    }

    private static void CheckPreconditions(StoredObject current, DeleteRequest request)
    {
        if (request.PreconditionUid is { } uid && uid != current.Uid)
            throw ApiException.Conflict(current.Type, current.Key.Name,
                $"Precondition failed: UID in precondition: {uid}, UID in object meta: {current.Uid}");
        if (request.PreconditionResourceVersion is { } revision && revision != current.Revision.ToString(CultureInfo.InvariantCulture))
            throw ApiException.Conflict(current.Type, current.Key.Name,
                $"Precondition failed: ResourceVersion in precondition: {revision}, ResourceVersion in object meta: {current.Revision}");
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
