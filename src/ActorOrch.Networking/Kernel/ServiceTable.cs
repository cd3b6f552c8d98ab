using System.Text;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Networking.Kernel;

/// <summary>
/// What one table of the kernel holds, service by service, and the commands that take it from there to somewhere else. Commands are for one
/// <c>nft -f</c>: the kernel applies them all or none. Not for concurrent use.
/// </summary>
public sealed class ServiceTable(NftFamily family, NetworkSettings settings)
{
    private readonly string _table = $"{family.Table} {settings.TableName}";
    private readonly Dictionary<ObjectKey, ServiceRules> _services = [];

    // Two services may want the same element (a shared endpoint, a contested external address): the first keeps it.
    private readonly Dictionary<(string Set, string Key), List<(ObjectKey Owner, string? Value)>> _elements = [];

    public NftFamily Family => family;

    public ServiceRules RulesOf(ObjectKey service) => _services.GetValueOrDefault(service, ServiceRules.None);

    /// <summary>Commands that replace the whole table by what is known, without a gap.</summary>
    public void AppendAll(StringBuilder script, bool bridgeFiltered)
    {
        BaseRules.Append(script, family, settings, bridgeFiltered);
        foreach (var rules in _services.Values)
        {
            foreach (var (name, definition) in rules.Sets) script.Append($"add set {_table} {name} {definition}\n");
            foreach (var name in rules.Chains.Keys) script.Append($"add chain {_table} {name}\n");
        }
        foreach (var rules in _services.Values)
            foreach (var (name, chain) in rules.Chains) AppendRules(script, name, chain);
        AppendElements(script, "add", _elements.Select(e => new NftElement(e.Key.Set, e.Key.Key, e.Value[0].Value)));
    }

    /// <summary>Takes new rules for some services (none: the service was deleted) and appends the commands that bring the kernel there.</summary>
    public void Apply(StringBuilder script, IReadOnlyDictionary<ObjectKey, ServiceRules> changed)
    {
        var before = new Dictionary<(string Set, string Key), string?[]>();
        var removed = new List<(ServiceRules Old, ServiceRules New)>();
        foreach (var (service, rules) in changed)
        {
            var old = RulesOf(service);
            foreach (var (name, definition) in rules.Sets)
                if (!old.Sets.ContainsKey(name)) script.Append($"add set {_table} {name} {definition}\n");
            foreach (var name in rules.Chains.Keys)
                if (!old.Chains.ContainsKey(name)) script.Append($"add chain {_table} {name}\n");
            removed.Add((old, rules));
            MoveElements(service, old, rules, before);
            if (rules == ServiceRules.None) _services.Remove(service);
            else _services[service] = rules;
        }
        foreach (var (old, rules) in removed)
        {
            foreach (var (name, chain) in rules.Chains)
            {
                var present = old.Chains.GetValueOrDefault(name);
                if (present is not null && present.SequenceEqual(chain)) continue;
                if (present is not null) script.Append($"flush chain {_table} {name}\n");
                AppendRules(script, name, chain);
            }
        }
        AppendElementChanges(script, before);
        AppendRemovals(script, removed);
    }

    private void MoveElements(ObjectKey service, ServiceRules old, ServiceRules rules, Dictionary<(string Set, string Key), string?[]> before)
    {
        foreach (var element in old.Elements)
        {
            var owners = Touch(element);
            owners.RemoveAll(o => o.Owner == service);
        }
        foreach (var element in rules.Elements)
        {
            var owners = Touch(element);
            if (!owners.Exists(o => o.Owner == service)) owners.Add((service, element.Value));
        }

        List<(ObjectKey Owner, string? Value)> Touch(NftElement element)
        {
            var key = (element.Set, element.Key);
            if (!_elements.TryGetValue(key, out var owners)) _elements[key] = owners = [];
            if (!before.ContainsKey(key)) before[key] = owners.Count == 0 ? [] : [owners[0].Value];
            return owners;
        }
    }

    private void AppendElementChanges(StringBuilder script, Dictionary<(string Set, string Key), string?[]> before)
    {
        var deleted = new List<NftElement>();
        var added = new List<NftElement>();
        foreach (var (key, was) in before)
        {
            var owners = _elements[key];
            if (owners.Count == 0) _elements.Remove(key);
            string?[] now = owners.Count == 0 ? [] : [owners[0].Value];
            if (was.AsSpan().SequenceEqual(now)) continue;
            if (was.Length > 0) deleted.Add(new(key.Set, key.Key, null));
            if (now.Length > 0) added.Add(new(key.Set, key.Key, now[0]));
        }
        AppendElements(script, "delete", deleted);
        AppendElements(script, "add", added);
    }

    private void AppendElements(StringBuilder script, string verb, IEnumerable<NftElement> elements)
    {
        foreach (var set in elements.GroupBy(e => e.Set))
        {
            script.Append($"{verb} element {_table} {set.Key} {{ ");
            script.AppendJoin(", ", set.Select(e => e.Value is null ? e.Key : $"{e.Key} : {e.Value}"));
            script.Append(" }\n");
        }
    }

    // Chains may lead to each other, and their rules hold sets: everything is emptied before anything is deleted.
    private void AppendRemovals(StringBuilder script, List<(ServiceRules Old, ServiceRules New)> changes)
    {
        var chains = changes.SelectMany(c => c.Old.Chains.Keys.Where(name => !c.New.Chains.ContainsKey(name))).ToList();
        foreach (var name in chains) script.Append($"flush chain {_table} {name}\n");
        foreach (var name in chains) script.Append($"delete chain {_table} {name}\n");
        foreach (var (old, rules) in changes)
            foreach (var name in old.Sets.Keys)
                if (!rules.Sets.ContainsKey(name)) script.Append($"delete set {_table} {name}\n");
    }

    private void AppendRules(StringBuilder script, string chain, IReadOnlyList<string> rules)
    {
        foreach (var rule in rules) script.Append($"add rule {_table} {chain} {rule}\n");
    }
}
