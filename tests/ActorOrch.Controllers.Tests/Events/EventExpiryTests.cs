using System.Text.Json.Nodes;
using ActorOrch.Controllers.Events;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Writes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Tests.Events;

public sealed class EventExpiryTests : ControllersTest
{
    private static readonly TimeSpan Age = TimeSpan.FromDays(7);

    [Fact]
    public async Task Events_go_when_they_are_old_through_the_API_and_watchers_see_it()
    {
        await StartAsync();
        await EventAsync("old");
        Expire(new() { Age = Age });
        Time.Advance(TimeSpan.FromDays(6));
        await EventAsync("young");
        var before = Registry[BuiltIn.Events].Latest.Revision;
        await AdvanceUntilGoneAsync("old");
        Assert.NotNull(Find("young"));
        Assert.Equal(before + 1, Registry[BuiltIn.Events].Latest.Revision);
        await AdvanceUntilGoneAsync("young");
    }

    [Fact]
    public async Task An_event_that_keeps_happening_stays()
    {
        await StartAsync();
        Expire(new() { Age = Age });
        var created = (await EventAsync("again")).Meta.CreationTimestamp;
        Time.Advance(TimeSpan.FromDays(5));
        await PatchAsync(BuiltIn.Events, "again", $$"""{"count":2,"lastTimestamp":"{{Time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'}}"}""");
        await EventAsync("once");
        Time.Advance(TimeSpan.FromDays(3));
        await AdvanceUntilGoneAsync("once");
        await AdvanceUntilGoneAsync("again");
        // A week after it happened last, not after it happened first.
        Assert.True(Time.GetUtcNow() >= created + Age + TimeSpan.FromDays(5));
    }

    [Fact]
    public async Task More_events_than_there_may_be_cost_the_oldest()
    {
        await StartAsync();
        Expire(new() { Number = 20 });
        for (var i = 0; i < 30; i++)
        {
            await EventAsync($"e{i:D2}");
            Time.Advance(TimeSpan.FromSeconds(1));
        }
        var left = await UntilAsync(BuiltIn.Events, all => all.Count <= 20);
        Assert.NotNull(left.Get(new("default", "e29")));
        Assert.Null(left.Get(new("default", "e00")));
        Assert.True(left.Count >= 10);
    }

    [Fact]
    public async Task One_that_cannot_be_removed_is_tried_again()
    {
        await StartAsync();
        await EventAsync("old");
        var refusals = 3;
        Registry.Of(BuiltIn.Events).Fault = write => write is Write.Remove && Interlocked.Decrement(ref refusals) >= 0 ? new WriteResult(WriteOutcome.Unavailable, null) : null;
        Expire(new() { Age = Age });
        await AdvanceUntilGoneAsync("old");
        Assert.True(refusals < 0);
    }

    private void Expire(EventSettings settings) => Sys.ActorOf(EventExpiryActor.Props(Api, settings, Time, new Random(1)), "event-expiry");

    private StoredObject? Find(string name) => Registry[BuiltIn.Events].Latest.Get(new("default", name));

    private Task AdvanceUntilGoneAsync(string name) => AwaitConditionAsync(() =>
    {
        if (Find(name) is not null) Time.Advance(TimeSpan.FromHours(1));
        return Task.FromResult(Find(name) is null);
    }, TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(5));

    private Task<StoredObject> EventAsync(string name) => Api.CreateAsync(BuiltIn.Events, "default", JsonNode.Parse($$"""
        {"metadata":{"name":"{{name}}"},"involvedObject":{"kind":"Pod","namespace":"default","name":"p"},"reason":"R","message":"m","type":"Normal",
         "firstTimestamp":"{{Time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'}}","lastTimestamp":"{{Time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'}}" }
        """)!.AsObject(), WriteOptions.Default);
}
