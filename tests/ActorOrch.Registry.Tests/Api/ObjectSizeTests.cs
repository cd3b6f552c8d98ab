using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Testing;

namespace ActorOrch.Registry.Tests.Api;

/// <summary>No object is stored that is larger than any may be, whichever way it became so, and whoever writes it.</summary>
public sealed class ObjectSizeTests
{
    private const int Half = ObjectSize.Most / 2;

    private readonly InMemoryRegistry _registry = new();
    private readonly ObjectApi _api;
    private readonly WriteOptions _options = new();

    public ObjectSizeTests() => _api = new(_registry, [], TimeProvider.System, new Random(1));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_created_is_measured(bool dryRun)
    {
        await CreateAsync("fits", ObjectSize.Most - 1000);
        var refused = await RefusedAsync(() => CreateAsync("large", ObjectSize.Most, _options with { DryRun = dryRun }));
        Assert.Equal("events \"large\"", refused.Message.Split(": ")[1].Split(" would")[0]);
        Assert.Contains($"limit is {ObjectSize.Most}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_update_leads_to_is_measured()
    {
        var created = await CreateAsync("a", Half);
        var document = created.ToJson();
        document["reason"] = new string('y', Half);
        await RefusedAsync(() => _api.UpdateAsync(BuiltIn.Events, created.Key, document, _options));
        await RefusedAsync(() => _api.UpdateAsync(BuiltIn.Events, created.Key, document, _options with { DryRun = true }));
    }

    [Theory]
    [InlineData(PatchType.Merge)]
    [InlineData(PatchType.StrategicMerge)]
    [InlineData(PatchType.Json)]
    public async Task What_a_patch_leads_to_is_measured(PatchType type)
    {
        var created = await CreateAsync("a", Half);
        JsonNode patch = type == PatchType.Json
            ? new JsonArray(new JsonObject { ["op"] = "copy", ["from"] = "/message", ["path"] = "/reason" })
            : new JsonObject { ["reason"] = new string('y', Half) };
        await RefusedAsync(() => _api.PatchAsync(BuiltIn.Events, created.Key, type, patch, _options));
        Assert.Equal(created.Revision, _registry[BuiltIn.Events].Latest.Get(created.Key)!.Revision);
    }

    [Fact]
    public async Task What_the_systems_own_writers_bring_is_measured_where_it_is_stored()
    {
        var created = await CreateAsync("a", ObjectSize.Most - 1000);
        var collection = _registry[BuiltIn.Events];
        var document = created.ToJson();
        document["metadata"]!["deletionTimestamp"] = "2024-05-01T12:00:00Z";
        document["metadata"]!["annotations"] = new JsonObject { ["note"] = new string('n', 2000) };
        var noted = await collection.WriteAsync(new Write.Replace(ObjectDraft.Encode(document), created.Revision));
        Assert.Equal(WriteOutcome.Committed, noted.Outcome);

        document["metadata"]!["annotations"]!["note"] = new string('n', 2 * ObjectSize.SystemRoom);
        var refused = await collection.WriteAsync(new Write.Replace(ObjectDraft.Encode(document), noted.Object!.Revision));
        Assert.Equal(WriteOutcome.TooLarge, refused.Outcome);
        Assert.Contains($"limit is {ObjectSize.Most}", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_too_large_already_may_shrink()
    {
        var draft = ObjectDraft.Encode(Document("old", ObjectSize.Most));
        ObjectSize.Check(BuiltIn.Events, draft, before: draft.Json.Length + 1);
        Assert.Throws<ApiException>(() => ObjectSize.Check(BuiltIn.Events, draft, before: draft.Json.Length - 1));
    }

    private Task<StoredObject> CreateAsync(string name, int bytes, WriteOptions? options = null) =>
        _api.CreateAsync(BuiltIn.Events, "default", Document(name, bytes), options ?? _options);

    private static JsonObject Document(string name, int bytes) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Event",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
        ["involvedObject"] = new JsonObject { ["namespace"] = "default" },
        ["message"] = new string('x', bytes),
    };

    private static async Task<ApiException> RefusedAsync(Func<Task> write)
    {
        var refused = await Assert.ThrowsAsync<ApiException>(write);
        Assert.Equal((413, "RequestEntityTooLarge"), (refused.Code, refused.Reason));
        return refused;
    }
}
