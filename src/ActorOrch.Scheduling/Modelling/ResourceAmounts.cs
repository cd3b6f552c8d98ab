using System.Text.Json;
using ActorOrch.Resources.Numbers;
using ActorOrch.Resources.Quantities;

namespace ActorOrch.Scheduling.Modelling;

/// <summary>Amounts of resources: CPU in thousandths, memory and ephemeral storage in bytes, anything else (extended, huge pages) in units.</summary>
public sealed record ResourceAmounts(long MilliCpu, long Memory, long EphemeralStorage, IReadOnlyDictionary<string, long> Extended)
{
    public static readonly ResourceAmounts None = new(0, 0, 0, new Dictionary<string, long>());

    public bool IsNone => MilliCpu == 0 && Memory == 0 && EphemeralStorage == 0 && Extended.Count == 0;

    /// <summary>Reads a resource list (<c>{"cpu": "100m", …}</c>); <c>pods</c> is not part of it.</summary>
    public static ResourceAmounts Read(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Object) return None;
        long cpu = 0, memory = 0, storage = 0;
        Dictionary<string, long>? extended = null;
        foreach (var entry in list.EnumerateObject())
        {
            var quantity = Quantity.Parse(entry.Value.ToString());
            switch (entry.Name)
            {
                case "cpu": cpu = Math.Max(0, quantity.MilliValue); break;
                case "memory": memory = Math.Max(0, quantity.Value); break;
                case "ephemeral-storage": storage = Math.Max(0, quantity.Value); break;
                case "pods": break;
                default:
                    if (quantity.Sign > 0) (extended ??= [])[entry.Name] = quantity.Value;
                    break;
            }
        }
        return new(cpu, memory, storage, extended ?? None.Extended);
    }

    public ResourceAmounts Plus(ResourceAmounts other) => Combine(other, Saturating.Add);

    /// <summary>The larger of each.</summary>
    public ResourceAmounts Most(ResourceAmounts other) => Combine(other, Math.Max);

    private ResourceAmounts Combine(ResourceAmounts other, Func<long, long, long> combine)
    {
        var extended = Extended;
        if (other.Extended.Count > 0)
        {
            var merged = new Dictionary<string, long>(Extended);
            foreach (var (name, amount) in other.Extended) merged[name] = combine(merged.GetValueOrDefault(name), amount);
            extended = merged;
        }
        return new(combine(MilliCpu, other.MilliCpu), combine(Memory, other.Memory), combine(EphemeralStorage, other.EphemeralStorage), extended);
    }
}
