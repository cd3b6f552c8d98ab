using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Schemas;
using ActorOrch.Resources.Timing;
using ActorOrch.Testing;

namespace ActorOrch.Registry.Tests.Api;

/// <summary>
/// Every number of every kind, at the ends of its type and where timers and calendars end, takes the whole way of the API: read, defaulted,
/// validated, stored, shown in tables, updated, deleted with any grace. It is taken or refused in the field's own name; nothing else may happen.
/// </summary>
public class NumbersTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Kinds => [.. BuiltIn.All.Select(t => t.Kind)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_number_is_taken_or_refused_by_name(string kind)
    {
        var type = BuiltIn.All.Single(t => t.Kind == kind);
        var plain = await TryAsync(type, RichDocuments.Of(type), status: false);
        Assert.True(plain is null, $"{kind}: {plain}");
        foreach (var field in NumberFields.Of(type))
        {
            // What is wrong with the field's surroundings is wrong with any value.
            var usual = await TryAsync(type, NumberFields.With(field, Usual(field)), field.IsStatus);
            foreach (var value in NumberFields.ValuesFor(field))
            {
                var refusal = await TryAsync(type, NumberFields.With(field, value), field.IsStatus);
                // Of an amount that cannot be read, or exceeds another one, upstream names the reason and the other.
                if (refusal is null || usual is not null || field.Kind == SchemaKind.Quantity) continue;
                Assert.True(
                    refusal.Message.Contains(field.Name, StringComparison.OrdinalIgnoreCase) || refusal.Message.Contains(Owner(field), StringComparison.OrdinalIgnoreCase),
                    $"{field} = {value.ToJsonString()} is refused without its name: {refusal.Message}");
            }
        }
    }

    [Fact]
    public async Task Any_grace_period_may_be_asked_for_again_and_again()
    {
        foreach (var first in NumberFields.Integers)
            foreach (var second in NumberFields.Integers)
            {
                var (registry, api) = New();
                var pod = await registry.PutAsync(BuiltIn.Pods, NumberFields.With(Grace, JsonValue.Create(Math.Max(0, first))));
                foreach (var grace in (long?[])[first, second, null])
                {
                    if (registry[BuiltIn.Pods].Latest.Get(pod.Key) is null) break;
                    var outcome = await api.DeleteAsync(BuiltIn.Pods, pod.Key, new() { GracePeriodSeconds = grace }, WriteOptions.Default);
                    if (outcome.Removed) break;
                    var at = outcome.Object.Meta.DeletionTimestamp!.Value;
                    Assert.True(at >= Now && at <= Now.After(Durations.Longest), $"{first}, {second}: {at}");
                }
                await api.DeleteAsync(BuiltIn.Pods, pod.Key, new() { GracePeriodSeconds = 0 }, WriteOptions.Default).GoneOr();
                Assert.Null(registry[BuiltIn.Pods].Latest.Get(pod.Key));
            }
    }

    private static readonly NumberField Grace = new(BuiltIn.Pods, ["spec", "terminationGracePeriodSeconds"], SchemaKind.Int64);

    /// <summary>Why the document was refused; null where it was taken. Anything but a refusal is thrown.</summary>
    private static async Task<Exception?> TryAsync(ResourceType type, JsonObject document, bool status)
    {
        var (registry, api) = New();
        try
        {
            var decoded = ObjectDecoder.Decode(System.Text.Encoding.UTF8.GetBytes(document.ToJsonString()), "application/json", type).Object;
            var key = new ObjectKey(type.Namespaced ? "default" : "", "a");
            if (status)
            {
                await registry.PutAsync(type, RichDocuments.Of(type));
                await api.UpdateAsync(type, key, decoded, new() { Subresource = "status" });
            }
            else
            {
                await api.CreateAsync(type, key.Namespace, decoded, WriteOptions.Default);
                await api.PatchAsync(type, key, PatchType.Merge, JsonNode.Parse("""{"metadata":{"labels":{"x":"y"}}}""")!, WriteOptions.Default);
            }
            var stored = registry[type].Latest.Get(key)!;
            foreach (var column in type.Columns) column.Cell(stored, Now);
            foreach (var read in type.Rules.FieldSelectors.Values) read(stored);
            foreach (var grace in (long?[])[null, long.MaxValue, 1])
                if (registry[type].Latest.Get(key) is not null) await api.DeleteAsync(type, key, new() { GracePeriodSeconds = grace }, WriteOptions.Default);
            return null;
        }
        catch (ApiException refused) when (refused.Code is >= 400 and < 500)
        {
            return refused;
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{type.Kind}: {document.ToJsonString()}", failure);
        }
    }

    private static (InMemoryRegistry Registry, ObjectApi Api) New()
    {
        var registry = new InMemoryRegistry();
        return (registry, new ObjectApi(registry, [], new FixedTime(), new Random(1)));
    }

    private static JsonValue Usual(NumberField field) => field.Kind == SchemaKind.Quantity ? JsonValue.Create("1")! : JsonValue.Create(1);

    /// <summary>Of a field whose owner is refused as a whole, upstream names the owner.</summary>
    private static string Owner(NumberField field) => field.Path.OfType<string>().SkipLast(1).LastOrDefault() ?? field.Name;

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}

file static class Deletions
{
    public static async Task GoneOr(this Task<DeleteOutcome> deletion)
    {
        try
        {
            await deletion;
        }
        catch (ApiException gone) when (gone.Code == 404)
        {
            // It went before.
        }
    }
}
