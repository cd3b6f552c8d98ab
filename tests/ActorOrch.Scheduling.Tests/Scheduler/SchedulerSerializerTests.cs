using ActorOrch.Scheduling.Scheduler;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorOrch.Scheduling.Tests.Scheduler;

public class SchedulerSerializerTests : TestKit
{
    private static readonly DateTimeOffset At = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Placement Placement = new(new("default", "web-1"), "uid-1", "node-a");
    private static readonly Refusal Refusal = new(2, [("Insufficient cpu", 2)], "0/2 nodes are available: 2 Insufficient cpu.", [(new("default", "big"), "uid-2")]);

    public static TheoryData<string, object> Messages => new()
    {
        { "decided.v1", new PlacementsDecided(7, At, [Placement], [Refusal]) },
        { "memory.v1", new SchedulerMemory(7, [Placement], [(At, Refusal)]) },
        { "why.v1", new WhyPending(new("default", "big")) },
        { "decision.v1", new PodDecision(new("default", "big"), At, null, Refusal.Message) },
    };

    /// <summary>What journals hold must stay readable: a golden file is never changed, a new form gets a new manifest.</summary>
    [Theory]
    [MemberData(nameof(Messages))]
    public void The_form_is_that_of_the_golden_file(string manifest, object message)
    {
        var serializer = new SchedulerSerializer((ExtendedActorSystem)Sys);
        Assert.Equal(manifest, serializer.Manifest(message));
        var golden = Convert.FromHexString(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Scheduler", "Golden", manifest + ".hex")).Trim());
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(serializer.ToBinary(message)));
        Assert.Equal(golden, serializer.ToBinary(serializer.FromBinary(golden, manifest)));
        Assert.Equivalent(message, serializer.FromBinary(golden, manifest));
    }

    [Fact]
    public void Every_message_is_bound_to_it()
    {
        var system = ActorSystem.Create("bound", SchedulerHost.DefaultConfig);
        Assert.All(
            typeof(ISchedulerMessage).Assembly.GetTypes().Where(t => t.IsClass && t.IsAssignableTo(typeof(ISchedulerMessage))),
            type => Assert.IsType<SchedulerSerializer>(system.Serialization.FindSerializerForType(type)));
        system.Dispose();
    }
}
