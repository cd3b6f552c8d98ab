using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ActorOrch.Gateway.Serving;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Gateway.Writing;
using ActorOrch.Registry.Api;
using CsCheck;

namespace ActorOrch.Gateway.Tests.Serving;

/// <summary>One user, however many connections it has, leaves room for all others.</summary>
public sealed class UserRoomTests : IAsyncLifetime
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    private const string Masters = "system:masters";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Caller Greedy = new("greedy", [Masters]);

    private TestGateway _gateway = null!;

    private RequestLimits Limits => _gateway.Server.Limits;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Whoever_has_taken_its_share_is_told_to_come_again_and_all_others_are_served()
    {
        using var greedy = _gateway.NewClient(Certificate("greedy"));
        var room = Limits.Of(Greedy);
        foreach (var (budget, path) in ((Budget, string)[])[
            (room.Requests, ConfigMaps), (room.Watches, ConfigMaps + "?watch=true"), (room.Streams, "/api/v1/namespaces/default/pods/p/log")])
        {
            Assert.True(budget.TryTake(budget.Capacity));
            using (var refused = await greedy.GetAsync(path, HttpCompletionOption.ResponseHeadersRead))
                Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (refused.StatusCode, refused.Headers.RetryAfter?.ToString()));
            foreach (var (name, group) in ((string, string)[])[("other", Masters), ("jane", "developers")])
            {
                using var other = _gateway.NewClient(Certificate(name, group));
                using var served = await other.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
                Assert.NotEqual(HttpStatusCode.TooManyRequests, served.StatusCode);
            }
            using (var anonymous = _gateway.NewClient())
            using (var served = await anonymous.GetAsync("/readyz"))
                Assert.Equal(HttpStatusCode.OK, served.StatusCode);
            budget.Give(budget.Capacity);
        }
    }

    [Fact]
    public async Task Slow_bodies_on_many_connections_take_the_room_of_their_user_alone()
    {
        // More than its share has places for.
        var connections = (int)Limits.Of(Greedy).Requests.Capacity + 40;
        var slow = await RawConnection.OpenAsync(_gateway, Certificate("greedy"), connections);
        await Task.WhenAll(slow.Select(tls => RawConnection.RequestAsync(tls, ConfigMaps, $"Content-Type: application/json\r\nContent-Length: {RequestBody.Limit}\r\n", "POST").AsTask()));
        Assert.True(SpinWait.SpinUntil(() => Limits.Of(Greedy).Requests.Left == 0, Patience), "its places are not taken");
        Assert.InRange(Limits.All.Bodies.Left, Limits.All.Bodies.Capacity / 2, Limits.All.Bodies.Capacity);

        var (code, _) = await _gateway.SendAsync("POST", ConfigMaps, $$$"""{"metadata":{"name":"long"},"data":{"k":"{{{new string('x', 900_000)}}}"}}""");
        Assert.Equal(HttpStatusCode.Created, code);
        using (var listed = await _gateway.RespondAsync("GET", ConfigMaps)) Assert.Equal(HttpStatusCode.OK, listed.StatusCode);

        foreach (var tls in slow) await tls.DisposeAsync();
        Assert.True(SpinWait.SpinUntil(() => Limits.All.Requests.Left == Limits.All.Requests.Capacity && Limits.All.Bodies.Left == Limits.All.Bodies.Capacity, Patience), "a body has kept its room");
    }

    [Fact]
    public async Task A_large_body_is_taken_where_those_of_other_users_wait()
    {
        var greedy = Limits.Of(Greedy);
        Assert.True(greedy.Bodies.TryTake(greedy.Bodies.Capacity));
        Assert.True(greedy.Documents.TryTake(greedy.Documents.Capacity));
        using var client = _gateway.NewClient(Certificate("greedy"));
        var body = $$$"""{"metadata":{"name":"long"},"data":{"k":"{{{new string('x', 900_000)}}}"}}""";
        using var refused = await client.PostAsync(ConfigMaps, new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (refused.StatusCode, refused.Headers.RetryAfter?.ToString()));
        Assert.Equal(HttpStatusCode.Created, (await _gateway.SendAsync("POST", ConfigMaps, body)).Code);
    }

    [Theory]
    [InlineData(Masters, 16)]
    [InlineData("developers", 8)]
    public async Task Connections_past_a_users_share_are_closed_with_429_and_others_get_in(string group, int share)
    {
        await using var gateway = await TestGateway.StartAsync(change: o => o with { MostConnections = 32 });
        var certificate = gateway.Pki.Authority.IssueClient("greedy", group);
        var open = new List<HttpClient>();
        for (var i = 0; i <= share; i++)
        {
            var client = gateway.NewClient(certificate);
            open.Add(client);
            using var answer = await client.GetAsync("/api");
            Assert.Equal(i < share ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, answer.StatusCode);
            if (i == share) Assert.True(answer.Headers.ConnectionClose);
        }
        using (var served = await gateway.RespondAsync("GET", ConfigMaps)) Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        using (var other = gateway.NewClient(gateway.Pki.Authority.IssueClient("jane", "developers")))
        using (var served = await other.GetAsync("/api")) Assert.Equal(HttpStatusCode.OK, served.StatusCode);

        foreach (var client in open) client.Dispose();
        var places = gateway.Server.Limits.Of(new("greedy", [group])).Connections;
        Assert.True(SpinWait.SpinUntil(() => places.Left == places.Capacity, Patience), "a connection has kept its place");
    }

    [Fact]
    public async Task Who_acts_for_another_takes_of_its_own_room()
    {
        var greedy = Limits.Of(Greedy);
        Assert.True(greedy.Watches.TryTake(greedy.Watches.Capacity));
        using var client = _gateway.NewClient(Certificate("greedy"));
        client.DefaultRequestHeaders.Add("Impersonate-User", "someone");
        client.DefaultRequestHeaders.Add("Impersonate-Group", Masters);
        using var refused = await client.GetAsync(ConfigMaps + "?watch=true", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public void However_many_users_there_are_an_administrator_has_room() =>
        Gen.String.HashSet[1, 60].Sample(names =>
        {
            var limits = new RequestLimits(TimeProvider.System, connections: 100, requests: 600);
            foreach (var name in names)
                foreach (var budget in BudgetsOf(limits.Of(new(name, ["developers"])))) TakeAll(budget);
            foreach (var budget in BudgetsOf(limits.Of(null))) TakeAll(budget);
            foreach (var (own, all) in BudgetsOf(limits.Of(Greedy)).Zip(BudgetsOf(limits.All)))
            {
                Assert.InRange(all.Left, all.Capacity / 2, all.Capacity);
                Assert.True(own.TryTake(own.Capacity));
            }
        }, iter: 50);

    [Fact]
    public void A_user_has_one_room_whatever_it_comes_with()
    {
        Assert.Same(Limits.Of(Greedy), Limits.Of(new("greedy", [Masters, "others"]) { Uid = "1" }));
        Assert.Same(Limits.Of(null), Limits.Of(null));
        Assert.NotSame(Limits.Of(null), Limits.Of(Greedy));
        // A name says nothing of what its bearer may: one that is no administrator's never shares an administrator's room.
        Assert.NotSame(Limits.Of(Greedy), Limits.Of(new("greedy", ["developers"])));
    }

    private X509Certificate2 Certificate(string name, string group = Masters) => _gateway.Pki.Authority.IssueClient(name, group);

    private static Budget[] BudgetsOf(Room room) => [room.Connections, room.Requests, room.Watches, room.Streams, room.Bodies, room.Documents, room.Unread];

    private static void TakeAll(Budget budget)
    {
        for (var step = budget.Capacity; step > 0; step /= 2)
            while (budget.TryTake(step)) { }
    }
}
