using System.Text;
using ActorOrch.Controllers.Deployments;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorOrch.Controllers.Tests.Deployments;

public sealed class RolloutSerializerTests : TestKit
{
    private static readonly DateTimeOffset At = new(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    // What was journaled once must be readable for ever: these are golden, never to be edited.
    public static TheoryData<object, string, string> Golden => new()
    {
        { new RolloutStarted(At, 2, "u", "web-1", "why"), "rollout-started.v1", """{"at":"2030-01-02T03:04:05.6780000Z","revision":2,"deploymentUid":"u","replicaSet":"web-1","changeCause":"why"}""" },
        { new RolledBack(At, 3, "u", "web-1", 1), "rolled-back.v1", """{"at":"2030-01-02T03:04:05.6780000Z","revision":3,"deploymentUid":"u","replicaSet":"web-1","fromRevision":1}""" },
        { new RolloutStepped(At, 2, 3, 1, 4, "room"), "rollout-stepped.v1", """{"at":"2030-01-02T03:04:05.6780000Z","revision":2,"newReplicas":3,"oldReplicas":1,"available":4,"reason":"room"}""" },
        { new RolloutPaused(At, 2), "rollout-paused.v1", """{"at":"2030-01-02T03:04:05.6780000Z","revision":2}""" },
        { new RolloutResumed(At, 2), "rollout-resumed.v1", """{"at":"2030-01-02T03:04:05.6780000Z","revision":2}""" },
        { new RolloutCompleted(At, 2), "rollout-completed.v1", """{"at":"2030-01-02T03:04:05.6780000Z","revision":2}""" },
        { new RolloutFailed(At, 2, "late"), "rollout-failed.v1", """{"at":"2030-01-02T03:04:05.6780000Z","revision":2,"message":"late"}""" },
        { new RolloutState("u", 2, "web-1", RolloutPhase.Progressing, true, 3, 1), "rollout-state.v1", """{"deploymentUid":"u","revision":2,"replicaSet":"web-1","phase":"Progressing","paused":true,"newReplicas":3,"oldReplicas":1}""" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void Each_event_is_written_and_read_in_its_fixed_form(object happened, string manifest, string json)
    {
        var serializer = new RolloutSerializer((ExtendedActorSystem)Sys);
        Assert.Equal(manifest, serializer.Manifest(happened));
        Assert.Equal(json, Encoding.UTF8.GetString(serializer.ToBinary(happened)));
        Assert.Equal(happened, serializer.FromBinary(Encoding.UTF8.GetBytes(json), manifest));
    }
}
