namespace ActorOrch.Architecture.Tests;

/// <summary>There is one way to listen to a collection: the follower, which knows what to do when history is lost.</summary>
public sealed class FollowingTests
{
    private static readonly string[] Followers = ["FollowerMail", "FollowerCalls"];

    [Fact]
    public void Nobody_but_the_follower_observes_a_collection() => Code.Modules.SelectMany(m => m.GetTypes())
        .Where(t => t.Interfaces.Any(i => i.InterfaceType.Name == "IChangeObserver") && !Followers.Contains(t.Name))
        .Select(t => $"{t.FullName} listens to a collection by itself: Follower does")
        .AssertNone();

    [Fact]
    public void Nobody_but_the_follower_subscribes() => Code.Calls
        .Where(c => c.Target is { Name: "Subscribe", Parameters: [_, { ParameterType.Name: "IChangeObserver" }] } && c.Owner is not ("Follower" or "FollowerMail"))
        .Select(c => $"{c.In.FullName} subscribes by itself: Follower does")
        .AssertNone();

    [Fact]
    public void The_follower_does() => Assert.Equal(
        Followers.Order(), Code.Modules.SelectMany(m => m.GetTypes()).Where(t => t.Interfaces.Any(i => i.InterfaceType.Name == "IChangeObserver")).Select(t => t.Name).Order());
}
