namespace ActorOrch.Resources.FieldOwnership;

/// <summary>Who owns what after someone has created, replaced or patched an object. Pure.</summary>
public static class OwnershipUpdate
{
    /// <summary>Past this many that update, the oldest are folded into one.</summary>
    public const int MostUpdaters = 10;

    /// <summary>What the oldest that update are folded into.</summary>
    public const string Ancient = "ancient-changes";

    /// <summary>
    /// The writer owns what it has changed, nobody else does any longer, and what it has removed is owned by nobody. Its time is that of its last change.
    /// </summary>
    /// <param name="managers">Before.</param>
    /// <param name="apiVersion">In which the writer's fields are named.</param>
    public static FieldManagers Apply(FieldManagers managers, FieldChanges changes, ManagerKey writer, string apiVersion, string now) =>
        Apply(managers, _ => changes, writer, apiVersion, now);

    /// <inheritdoc cref="Apply(FieldManagers, FieldChanges, ManagerKey, string, string)"/>
    /// <param name="changesIn">What has changed, in the names of a version: each entry has those of its own.</param>
    public static FieldManagers Apply(FieldManagers managers, Func<string, FieldChanges> changesIn, ManagerKey writer, string apiVersion, string now)
    {
        var changes = changesIn(apiVersion);
        if (!changes.Any) return managers;
        // There may be thousands of entries, and there are few versions.
        var byVersion = new Dictionary<string, FieldChanges> { [apiVersion] = changes };
        FieldChanges In(string version)
        {
            if (!byVersion.TryGetValue(version, out var known)) byVersion[version] = known = changesIn(version);
            return known;
        }
        var entries = managers.Entries.Select(e => Without(e, In(e.ApiVersion)));
        if (changes.Changed.IsEmpty) return FieldManagers.Of(entries);
        var before = managers.Find(writer)?.Fields.Except(changes.Removed) ?? FieldSet.Empty;
        return Fold(FieldManagers.Of(entries.Append(new(writer, apiVersion, now, before.Union(changes.Changed)))));
    }

    /// <summary>What is left to someone of whose fields others have changed or removed some.</summary>
    internal static FieldManager Without(FieldManager entry, FieldChanges changes) =>
        entry with { Fields = entry.Fields.Except(changes.Changed).Except(changes.Removed) };

    private static FieldManagers Fold(FieldManagers managers)
    {
        var updaters = managers.Entries.Where(e => e.Key.Operation == OwnershipOperation.Update).ToList();
        if (updaters.Count <= MostUpdaters) return managers;
        // One bucket a version: what is named in different versions cannot be one set. The first of a version stays until a second comes.
        var entries = managers.Entries.ToDictionary(e => e.Key);
        var buckets = new Dictionary<string, List<FieldManager>>();
        var left = updaters.Count;
        foreach (var updater in updaters)
        {
            if (left <= MostUpdaters) break;
            if (buckets.TryAdd(updater.ApiVersion, [updater])) continue;
            buckets[updater.ApiVersion].Add(updater);
            left--;
        }
        foreach (var (version, folded) in buckets)
        {
            if (folded.Count == 1) continue;
            foreach (var updater in folded) entries.Remove(updater.Key);
            var key = new ManagerKey(Ancient, OwnershipOperation.Update, version, "");
            if (entries.TryGetValue(key, out var younger)) folded.Add(younger);
            entries[key] = folded[^1] with { Key = key, Fields = FieldSet.UnionOf(folded.ConvertAll(e => e.Fields)) };
        }
        return FieldManagers.Of(entries.Values);
    }
}
