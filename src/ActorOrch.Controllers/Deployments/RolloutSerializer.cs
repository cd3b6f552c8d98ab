using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Akka.Actor;
using Akka.Serialization;

namespace ActorOrch.Controllers.Deployments;

/// <summary>The journal's form of rollout events and of their snapshot: JSON, one manifest a type and version.</summary>
public sealed class RolloutSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 4204;

    public override string Manifest(object o) => o switch
    {
        RolloutStarted => "rollout-started.v1",
        RolledBack => "rolled-back.v1",
        RolloutStepped => "rollout-stepped.v1",
        RolloutPaused => "rollout-paused.v1",
        RolloutResumed => "rollout-resumed.v1",
        RolloutCompleted => "rollout-completed.v1",
        RolloutFailed => "rollout-failed.v1",
        RolloutState => "rollout-state.v1",
        _ => throw new ArgumentException($"{o.GetType()} has no manifest here", nameof(o)),
    };

    public override byte[] ToBinary(object obj)
    {
        var json = new JsonObject();
        if (obj is RolloutEvent happened)
        {
            json["at"] = happened.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
            json["revision"] = happened.Revision;
        }
        switch (obj)
        {
            case RolloutStarted e:
                json["deploymentUid"] = e.DeploymentUid;
                json["replicaSet"] = e.ReplicaSet;
                if (e.ChangeCause is not null) json["changeCause"] = e.ChangeCause;
                break;
            case RolledBack e:
                json["deploymentUid"] = e.DeploymentUid;
                json["replicaSet"] = e.ReplicaSet;
                json["fromRevision"] = e.FromRevision;
                break;
            case RolloutStepped e:
                json["newReplicas"] = e.NewReplicas;
                json["oldReplicas"] = e.OldReplicas;
                json["available"] = e.Available;
                json["reason"] = e.Reason;
                break;
            case RolloutFailed e:
                json["message"] = e.Message;
                break;
            case RolloutState s:
                json["deploymentUid"] = s.DeploymentUid;
                json["revision"] = s.Revision;
                json["replicaSet"] = s.ReplicaSet;
                json["phase"] = s.Phase.ToString();
                json["paused"] = s.Paused;
                json["newReplicas"] = s.NewReplicas;
                json["oldReplicas"] = s.OldReplicas;
                break;
        }
        return JsonSerializer.SerializeToUtf8Bytes<JsonNode>(json);
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var json = JsonNode.Parse(bytes)!.AsObject();
        return manifest switch
        {
            "rollout-started.v1" => new RolloutStarted(At(), Revision(), Text("deploymentUid"), Text("replicaSet"), json["changeCause"]?.GetValue<string>()),
            "rolled-back.v1" => new RolledBack(At(), Revision(), Text("deploymentUid"), Text("replicaSet"), json["fromRevision"]!.GetValue<long>()),
            "rollout-stepped.v1" => new RolloutStepped(At(), Revision(), Number("newReplicas"), Number("oldReplicas"), Number("available"), Text("reason")),
            "rollout-paused.v1" => new RolloutPaused(At(), Revision()),
            "rollout-resumed.v1" => new RolloutResumed(At(), Revision()),
            "rollout-completed.v1" => new RolloutCompleted(At(), Revision()),
            "rollout-failed.v1" => new RolloutFailed(At(), Revision(), Text("message")),
            "rollout-state.v1" => new RolloutState(
                Text("deploymentUid"), Revision(), Text("replicaSet"), Enum.Parse<RolloutPhase>(Text("phase")),
                json["paused"]!.GetValue<bool>(), Number("newReplicas"), Number("oldReplicas")),
            _ => throw new ArgumentException($"manifest '{manifest}' is not known", nameof(manifest)),
        };

        DateTimeOffset At() => DateTimeOffset.Parse(Text("at"), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        long Revision() => json["revision"]!.GetValue<long>();
        int Number(string name) => json[name]!.GetValue<int>();
        string Text(string name) => json[name]!.GetValue<string>();
    }
}
