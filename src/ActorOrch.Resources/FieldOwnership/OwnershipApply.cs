using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Resources.FieldOwnership;

/// <summary>What an object becomes by an apply, and who owns what of it then.</summary>
public sealed record ApplyOutcome(JsonObject Document, FieldManagers Managers);

/// <summary>
/// Server-side apply: the document is merged in, what its manager applied before and does not now is removed unless someone else owns it, and what others own is
/// left to them, unless it is forced. Pure.
/// </summary>
public static class OwnershipApply
{
    /// <summary>Owns what was there before anyone's ownership was recorded.</summary>
    public const string BeforeFirstApply = "before-first-apply";

    /// <param name="live">Without <c>managedFields</c>; empty for what is created.</param>
    /// <param name="managers">Of the live object.</param>
    /// <param name="changesIn">How two documents differ, in the names of a version: each entry has those of its own.</param>
    /// <param name="ignored">What the request cannot write.</param>
    /// <param name="complete">
    /// A document with what the kind fills in. What is owned as a whole and applied without it is compared with it: else nobody could apply what another has, as a
    /// reference to a field without its apiVersion.
    /// </param>
    /// <exception cref="ApiException">409 where others own other values and it is not forced.</exception>
    public static ApplyOutcome Apply(
        JsonObject live, AppliedConfiguration applied, FieldManagers managers, Func<string, JsonObject, JsonObject, FieldChanges> changesIn,
        ManagerKey applier, string apiVersion, Schema schema, FieldSet ignored, bool force, string now, Func<JsonObject, JsonObject> complete)
    {
        if (managers.IsEmpty && live.Count > 0)
        {
            var former = FieldChanges.Between([], live, schema);
            managers = OwnershipUpdate.Apply(managers, former, ManagerKey.Updater(BeforeFirstApply, apiVersion, ""), apiVersion, now);
        }
        var own = Strip(applied.Fields).ExceptBelow(ignored);
        var last = managers.Find(applier);
        var others = managers.Entries.Where(e => e.Key != applier).ToList();
        var merged = DocumentMerge.Remove(DocumentMerge.Merge(live, applied.Document, schema), applied.Emptied, schema);
        // What others own in the names of another version cannot be told from what nobody owns: then nothing is removed.
        if (last is { Fields.IsEmpty: false } && managers.Entries.All(e => e.ApiVersion == apiVersion)) merged = Prune(merged, last.Fields, FieldSet.UnionOf([own, .. others.Select(e => e.Fields)]), schema);

        var compared = merged;
        var changes = FieldChanges.Between(live, compared, schema).Except(ignored);
        // There may be thousands of entries, and there are few versions.
        var byVersion = new Dictionary<string, FieldChanges> { [apiVersion] = changes };
        FieldChanges In(FieldManager entry)
        {
            if (!byVersion.TryGetValue(entry.ApiVersion, out var known)) byVersion[entry.ApiVersion] = known = changesIn(entry.ApiVersion, live, compared);
            return known;
        }
        List<(FieldManager Manager, FieldSet Fields)> Contested() => [.. others.Select(e => (e, e.Fields.Intersect(In(e).Changed))).Where(c => !c.Item2.IsEmpty)];
        var contested = Contested();
        if (contested.Count > 0)
        {
            compared = complete(merged);
            changes = FieldChanges.Between(live, compared, schema).Except(ignored);
            byVersion = new() { [apiVersion] = changes };
            contested = Contested();
        }
        if (!force && contested.Count > 0) RefuseConflicts(contested, ClientSideApply.Own(live, applier, apiVersion, schema));

        var entries = others.Select(e => OwnershipUpdate.Without(e, In(e)));
        var time = changes.Any || last is null || !last.Fields.SetEquals(own) || last.ApiVersion != apiVersion ? now : last.Time;
        ClientSideApply.Follow(merged, applied.Document, applier);
        return new(merged, FieldManagers.Of(entries.Append(new(applier, apiVersion, time, own))));
    }

    /// <param name="own">What the applier itself has put there by other means.</param>
    private static void RefuseConflicts(List<(FieldManager Manager, FieldSet Fields)> contested, FieldSet own)
    {
        var refused = contested.SelectMany(c => c.Fields.Except(own).Paths().Select(path => new FieldConflict(c.Manager, path))).ToList();
        if (refused.Count > 0) throw FieldConflict.Refuse(refused);
    }

    // What the applier had and no longer names is removed; not what someone else owns, nor what nobody put there by applying.
    private static JsonObject Prune(JsonObject merged, FieldSet last, FieldSet owned, Schema schema)
    {
        var root = FieldType.Root(schema);
        last = DocumentFields.WithNamed(last, root);
        var all = Named(merged);
        var pruned = DocumentMerge.Remove(merged, last, schema);
        pruned = DocumentMerge.Remove(merged, all.Except(Named(pruned).Union(DocumentFields.WithNamed(owned, root))), schema);
        return DocumentMerge.Remove(merged, all.Except(Named(pruned)).Intersect(last), schema);

        FieldSet Named(JsonObject document) => DocumentFields.WithNamed(DocumentFields.Read(document, schema), root);
    }

    private static readonly FieldSet Unowned = UnownedFields();

    private static FieldSet UnownedFields()
    {
        var set = new FieldSet();
        foreach (var name in (string[])["apiVersion", "kind"]) set.Put(PathElement.Field(name), isMember: true, FieldSet.Empty);
        set.Put(PathElement.Field("metadata"), isMember: true, FieldSet.OfFields(FieldChanges.UnownedMetadata));
        return set;
    }

    private static FieldSet Strip(FieldSet fields) => fields.Except(Unowned);
}
