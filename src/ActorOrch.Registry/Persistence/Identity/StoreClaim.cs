namespace ActorOrch.Registry.Persistence.Identity;

/// <summary>Whether a data directory and a store belong together, and what is to be done about it.</summary>
public abstract record StoreClaim
{
    private StoreClaim()
    {
    }

    /// <summary>They do: each says so.</summary>
    public sealed record Confirmed(string StoreId) : StoreClaim;

    /// <summary>Nothing contradicts it, but not everything says so yet: a first start, one that was cut short, or a store of an earlier version.</summary>
    /// <param name="StoreId">Null: to be made.</param>
    /// <param name="ClusterId">Null: to be made.</param>
    public sealed record ToMark(string? StoreId, string? ClusterId) : StoreClaim;

    /// <summary>They do not, or something is lost. To start all the same would take what runs for nobody's.</summary>
    public sealed record Refused(string Reason) : StoreClaim;

    /// <summary>Pure.</summary>
    public static StoreClaim Of(StoreFacts facts)
    {
        if (facts.Parts.FirstOrDefault(p => p.Damage is not null) is { } damaged) return new Refused($"{damaged.Name} {damaged.Damage}");
        return Disagreement(facts) ?? (facts.IsShared ? OfShared(facts, facts.Parts[0]) : OfOwn(facts));
    }

    /// <summary>A store of this data directory's own.</summary>
    private static StoreClaim OfOwn(StoreFacts facts)
    {
        var (directory, parts) = (facts.Directory, facts.Parts);
        var marked = parts.Any(p => p.StoreId is not null) || directory.StoreId is not null;
        var hasRows = parts.Any(p => p.HasRows);
        if (directory.ClusterId is null)
        {
            // The databases are marked before anything else is made: keys beside databases that are not have lost theirs.
            if (!hasRows && parts.All(p => p.StoreId is null) && (directory.StoreId is not null || directory.HasKeys))
                return new Refused($"{Names(parts)} hold nothing, and {directory.Path}/pki has {(directory.StoreId is { } of ? $"the keys of the store {of}" : "a cluster's keys")}");
            if (!hasRows) return new ToMark(IdOf(facts), parts.Select(p => p.ClusterId).FirstOrDefault(id => id is not null));
            var known = parts.Select(p => p.ClusterId).FirstOrDefault(id => id is not null);
            return new Refused($"{directory.Path}/cluster-id is missing, and {parts.First(p => p.HasRows).Name} is not empty"
                + (known is null ? "" : $" and belongs to the cluster {known}"));
        }
        if (!hasRows && !marked)
            return directory.HasKeys ? new Refused($"{Names(parts)} hold nothing, and {directory.Path} has a cluster's id and keys") : new ToMark(null, directory.ClusterId);
        if (hasRows && !directory.HasKeys) return new Refused($"{directory.Path}/pki has no keys, and {Names(parts)} are not empty");
        if (!marked) return parts[0].HasRows ? new ToMark(null, directory.ClusterId) : new Refused($"{parts[0].Name} is empty, and {parts[1].Name} is not");
        if (parts.FirstOrDefault(p => p.StoreId is null) is { } lost) return new Refused($"{lost.Name} is missing or was emptied, and {Others(facts, lost)}");
        return directory.StoreId is { } id
            ? new Confirmed(id)
            : new Refused($"{directory.Path}/pki has no store-id, and {Names(parts)} have one");
    }

    /// <summary>A database that several processes share: a directory may be new while the store is not.</summary>
    private static StoreClaim OfShared(StoreFacts facts, StorePart store)
    {
        var directory = facts.Directory;
        // With another id, what runs here would be nobody's, and all of it be run a second time.
        if (directory is { ClusterId: null, Node: { } node }) return new Refused($"{directory.Path}/cluster-id is missing, and {node} is there, whose containers belong to the cluster that it named");
        if (store is { SaysRows: true, HasRows: false }) return new Refused($"{store.Name} has lost what was stored in it: its table journal is empty or was made anew");
        if (store.StoreId is { } id) return directory.StoreId is not null && directory.ClusterId is not null ? new Confirmed(id) : new ToMark(id, directory.ClusterId);
        if (directory.StoreId is not null) return new Refused($"{store.Name} {(store.HasRows ? "does not say whose it is" : "is empty")}, and {directory.Path} belongs to the store {directory.StoreId}");
        if (!store.HasRows && directory is { ClusterId: not null, HasKeys: true }) return new Refused($"{store.Name} is empty, and {directory.Path} has a cluster's id and keys");
        return new ToMark(null, directory.ClusterId);
    }

    private static Refused? Disagreement(StoreFacts facts)
    {
        var stores = facts.Parts.Select(p => (p.Name, Id: p.StoreId)).Append((Name: $"{facts.Directory.Path}/pki/store-id", Id: facts.Directory.StoreId)).Where(s => s.Id is not null).ToList();
        if (stores.Find(s => s.Id != stores[0].Id) is { Id: not null } other)
            return new($"{stores[0].Name} belongs to the store {stores[0].Id}, and {other.Name} to {other.Id}");
        var clusters = facts.Parts.Select(p => (p.Name, Id: p.ClusterId)).Append((Name: $"{facts.Directory.Path}/cluster-id", Id: facts.Directory.ClusterId)).Where(c => c.Id is not null).ToList();
        if (clusters.Find(c => c.Id != clusters[0].Id) is { Id: not null } another)
            return new($"{clusters[0].Name} belongs to the cluster {clusters[0].Id}, and {another.Name} to {another.Id}");
        return facts.Behind is { } behind
            ? new($"{facts.Parts[0].Name} is older than {facts.Parts[^1].Name}: of {behind} a snapshot is stored that holds more than its journal")
            : null;
    }

    private static string? IdOf(StoreFacts facts) => facts.Parts.Select(p => p.StoreId).Append(facts.Directory.StoreId).FirstOrDefault(id => id is not null);

    private static string Others(StoreFacts facts, StorePart lost)
    {
        var other = facts.Parts.FirstOrDefault(p => p != lost && p.StoreId is not null);
        return other is null ? $"{facts.Directory.Path} belongs to the store {facts.Directory.StoreId}" : $"{other.Name} is there";
    }

    private static string Names(IEnumerable<StorePart> parts) => string.Join(" and ", parts.Select(p => p.Name));
}
