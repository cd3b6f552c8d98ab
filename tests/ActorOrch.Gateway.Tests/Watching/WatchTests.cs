using System.Text.Json.Nodes;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Tests.Watching;

public sealed class WatchTests : GatewayTest
{
    private const string Path = "/api/v1/namespaces/w/configmaps";

    [Fact]
    public async Task Without_a_revision_what_exists_comes_first_and_then_what_happens()
    {
        await Gateway.PutConfigMapAsync("w", "a");
        await using var watch = await OpenAsync("watch=true");

        Assert.Equal("ADDED a", await watch.NextTextAsync());
        await Gateway.PutConfigMapAsync("w", "b");
        await Gateway.PutConfigMapAsync("elsewhere", "c");
        await Gateway.PutConfigMapAsync("w", "b", """{"x":"y"}""");
        await Gateway.Registry.RemoveAsync(BuiltIn.ConfigMaps, new("w", "b"));
        Assert.Equal(["ADDED b", "MODIFIED b", "DELETED b"], [await watch.NextTextAsync(), await watch.NextTextAsync(), await watch.NextTextAsync()]);
    }

    [Fact]
    public async Task From_a_revision_on_nothing_is_missed_and_nothing_repeated()
    {
        await Gateway.PutConfigMapAsync("w", "a");
        await Gateway.PutConfigMapAsync("w", "b");
        await Gateway.PutConfigMapAsync("w", "c");
        await using var watch = await OpenAsync("watch=1&resourceVersion=2");

        Assert.Equal(["ADDED b", "ADDED c"], [await watch.NextTextAsync(), await watch.NextTextAsync()]);
        await Gateway.PutConfigMapAsync("w", "d");
        Assert.Equal("ADDED d", await watch.NextTextAsync());
    }

    [Fact]
    public async Task A_watch_whose_history_is_gone_gets_an_error_event_with_410()
    {
        for (var i = 0; i < 4; i++) await Gateway.PutConfigMapAsync("w", $"c{i}");
        Gateway.Registry.Of(BuiltIn.ConfigMaps).ForgetUpTo = 3;
        await using var watch = await OpenAsync("watch=1&resourceVersion=2");

        var error = await watch.NextAsync();

        Assert.Equal(("ERROR", "Status", "Failure", "Expired", 410), (
            (string)error!["type"]!, (string)error["object"]!["kind"]!, (string)error["object"]!["status"]!,
            (string)error["object"]!["reason"]!, (int)error["object"]!["code"]!));
        Assert.Equal("too old resource version: 2 (4)", (string)error["object"]!["message"]!);
        Assert.Equal("end", await watch.NextTextAsync());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(long.MaxValue)]
    public async Task A_watch_from_a_revision_that_is_yet_to_come_waits_for_it(long revision)
    {
        await Gateway.PutConfigMapAsync("w", "a");
        await using var watch = await OpenAsync($"watch=1&timeoutSeconds=1&resourceVersion={revision}");

        await Gateway.PutConfigMapAsync("w", "b");

        Assert.Equal("end", await watch.NextTextAsync());
    }

    [Fact]
    public async Task A_watch_that_waits_goes_on_with_what_comes_after_its_revision()
    {
        await using var watch = await OpenAsync("watch=1&resourceVersion=3");

        for (var i = 1; i <= 5; i++) await Gateway.PutConfigMapAsync("w", $"c{i}");

        Assert.Equal(["ADDED c3", "ADDED c4"], [await watch.NextTextAsync(), await watch.NextTextAsync()]);
    }

    [Theory]
    [InlineData("watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=100")]
    [InlineData("watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=100")]
    public async Task A_picture_of_a_revision_that_does_not_come_is_an_error_event_with_504(string query)
    {
        await Gateway.PutConfigMapAsync("w", "a");
        await using var watch = await OpenAsync(query);

        var error = (await watch.NextAsync())!;

        Assert.Equal("ERROR", (string)error["type"]!);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Timeout: Too large resource version: 100, current: 2","reason":"Timeout",
             "details":{"causes":[{"reason":"ResourceVersionTooLarge","message":"Too large resource version"}],"retryAfterSeconds":1},"code":504}
            """), error["object"]), error.ToJsonString());
        Assert.Equal("end", await watch.NextTextAsync());
    }

    [Fact]
    public async Task The_old_paths_watch_too()
    {
        await Gateway.PutConfigMapAsync("w", "a");
        await Gateway.PutConfigMapAsync("w", "b");
        await using var watch = await WatchReader.OpenAsync(Gateway.Client, "/api/v1/watch/namespaces/w/configmaps/b");

        Assert.Equal("ADDED b", await watch.NextTextAsync());
    }

    [Fact]
    public async Task The_old_paths_name_one_object_and_a_selector_may_not_name_another()
    {
        var (code, status) = await Gateway.SendAsync("GET", "/api/v1/watch/namespaces/w/configmaps/b?fieldSelector=metadata.name%3Dc");

        Assert.Equal((400, "fieldSelector metadata.name doesn't match requested name"), ((int)code, (string)status["message"]!));
    }

    [Fact]
    public async Task One_object_is_watched_by_its_name()
    {
        await Gateway.PutConfigMapAsync("w", "a");
        await Gateway.PutConfigMapAsync("w", "b");
        await using var watch = await OpenAsync("watch=true&fieldSelector=metadata.name%3Db");

        Assert.Equal("ADDED b", await watch.NextTextAsync());
        await Gateway.PutConfigMapAsync("w", "a", """{"x":"y"}""");
        await Gateway.PutConfigMapAsync("w", "b", """{"x":"y"}""");
        await Gateway.Registry.RemoveAsync(BuiltIn.ConfigMaps, new("w", "b"));
        Assert.Equal(["MODIFIED b", "DELETED b"], [await watch.NextTextAsync(), await watch.NextTextAsync()]);
    }

    [Fact]
    public async Task A_timeout_that_has_passed_ends_a_watch_as_it_begins_and_0_is_none()
    {
        await using var over = await OpenAsync("watch=true&resourceVersion=1&timeoutSeconds=-1");
        Assert.Null(await over.NextAsync());

        await using var watch = await OpenAsync("watch=true&resourceVersion=1&timeoutSeconds=0");
        await Gateway.PutConfigMapAsync("w", "a");
        Assert.Equal("ADDED a", await watch.NextTextAsync());
    }

    [Fact]
    public async Task An_object_that_moves_into_the_selection_is_added_and_one_that_moves_out_is_deleted()
    {
        await Gateway.PutConfigMapAsync("w", "a", """{"app":"db"}""");
        await using var watch = await OpenAsync("watch=true&resourceVersion=2&labelSelector=app%3Dweb");

        await Gateway.PutConfigMapAsync("w", "a", """{"app":"web"}""");
        Assert.Equal("ADDED a", await watch.NextTextAsync());
        await Gateway.PutConfigMapAsync("w", "a", """{"app":"web","x":"y"}""");
        Assert.Equal("MODIFIED a", await watch.NextTextAsync());
        await Gateway.PutConfigMapAsync("w", "a", """{"app":"db"}""");
        var left = (await watch.NextAsync())!;
        Assert.Equal("DELETED", (string)left["type"]!);
        // Its last state in the selection, at the revision at which it left.
        Assert.Equal(("web", "5"), ((string)left["object"]!["metadata"]!["labels"]!["app"]!, (string)left["object"]!["metadata"]!["resourceVersion"]!));
        await Gateway.Registry.RemoveAsync(BuiltIn.ConfigMaps, new("w", "a"));
        await Gateway.PutConfigMapAsync("w", "z", """{"app":"web"}""");
        Assert.Equal("ADDED z", await watch.NextTextAsync());
    }

    [Fact]
    public async Task A_watch_that_lists_ends_its_initial_events_with_a_bookmark()
    {
        await Gateway.PutConfigMapAsync("w", "a");
        await using var watch = await OpenAsync("watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");

        Assert.Equal("ADDED a", await watch.NextTextAsync());
        var bookmark = (await watch.NextAsync())!;
        Assert.Equal(("BOOKMARK", "ConfigMap", "2"),
            ((string)bookmark["type"]!, (string)bookmark["object"]!["kind"]!, (string)bookmark["object"]!["metadata"]!["resourceVersion"]!));
        Assert.Equal("true", (string)bookmark["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]!);
    }

    [Fact]
    public async Task A_watch_ends_in_time_with_a_bookmark_of_what_was_seen()
    {
        await Gateway.PutConfigMapAsync("w", "a");
        await using var watch = await OpenAsync("watch=true&resourceVersion=2&allowWatchBookmarks=true&timeoutSeconds=1");

        await Gateway.PutConfigMapAsync("elsewhere", "b");
        var bookmark = (await watch.NextAsync())!;
        Assert.Equal(("BOOKMARK", "3"), ((string)bookmark["type"]!, (string)bookmark["object"]!["metadata"]!["resourceVersion"]!));
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task Events_are_tables_for_those_who_ask_and_only_the_first_has_columns()
    {
        await Gateway.PutConfigMapAsync("w", "a");
        await using var watch = await WatchReader.OpenAsync(Gateway.Client, $"{Path}?watch=true", "application/json;as=Table;v=v1;g=meta.k8s.io");

        var first = (await watch.NextAsync())!["object"]!;
        await Gateway.PutConfigMapAsync("w", "b");
        var second = (await watch.NextAsync())!["object"]!;

        Assert.Equal(("Table", "a"), ((string)first["kind"]!, (string)first["rows"]![0]!["cells"]![0]!));
        Assert.NotEmpty(first["columnDefinitions"]!.AsArray());
        Assert.Empty(second["columnDefinitions"]!.AsArray());
        Assert.Equal("b", (string)second["rows"]![0]!["cells"]![0]!);
    }

    [Fact]
    public async Task A_stopping_server_ends_its_watches()
    {
        await using var watch = await OpenAsync("watch=true");

        await Gateway.Server.StopAsync();

        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task What_was_missed_while_the_process_was_cut_off_comes_from_history()
    {
        await Gateway.PutConfigMapAsync("w", "a");
        await using var watch = await OpenAsync("watch=true&resourceVersion=1");
        Assert.Equal("ADDED a", await watch.NextTextAsync());

        var collection = Gateway.Registry.Of(BuiltIn.ConfigMaps);
        collection.CutOff = true;
        await Gateway.PutConfigMapAsync("w", "b");
        await Gateway.Registry.RemoveAsync(BuiltIn.ConfigMaps, new("w", "a"));
        collection.Reload();
        await Gateway.PutConfigMapAsync("w", "c");

        Assert.Equal(["ADDED b", "DELETED a", "ADDED c"], [await watch.NextTextAsync(), await watch.NextTextAsync(), await watch.NextTextAsync()]);
    }

    [Fact]
    public async Task What_was_missed_and_history_has_let_go_of_ends_a_watch_with_410()
    {
        await Gateway.PutConfigMapAsync("w", "a");
        await using var watch = await OpenAsync("watch=true&resourceVersion=1");
        Assert.Equal("ADDED a", await watch.NextTextAsync());

        var collection = Gateway.Registry.Of(BuiltIn.ConfigMaps);
        collection.CutOff = true;
        await Gateway.PutConfigMapAsync("w", "b");
        collection.ForgetUpTo = 3;
        collection.Reload();

        var error = (await watch.NextAsync())!;
        Assert.Equal(("ERROR", 410), ((string)error["type"]!, (int)error["object"]!["code"]!));
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task A_hundred_watchers_see_every_change_in_order()
    {
        var watches = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => OpenAsync("watch=true&resourceVersion=0")));
        for (var i = 0; i < 100; i++) await Gateway.PutConfigMapAsync("w", $"c{i:000}");

        await Task.WhenAll(watches.Select(async watch =>
        {
            for (var i = 0; i < 100; i++) Assert.Equal($"ADDED c{i:000}", await watch.NextTextAsync());
        }));
        foreach (var watch in watches) await watch.DisposeAsync();
    }

    [Fact]
    public async Task The_bytes_of_an_event_are_those_that_are_stored()
    {
        await Gateway.PutConfigMapAsync("w", "a");
        await using var watch = await OpenAsync("watch=true");

        var stored = JsonNode.Parse(Gateway.Registry[BuiltIn.ConfigMaps].Latest.Get(new("w", "a"))!.Json);
        Assert.True(JsonNode.DeepEquals(stored, (await watch.NextAsync())!["object"]));
    }

    private Task<WatchReader> OpenAsync(string query) => WatchReader.OpenAsync(Gateway.Client, $"{Path}?{query}");
}
