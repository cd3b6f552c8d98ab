using System.Text.Json.Nodes;
using ActorOrch.Agent.Pods;
using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Agent.Pods.Statuses;
using ActorOrch.Agent.Probes;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Testing;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Pods;

/// <summary>Whatever number the API takes in a pod, the agent can plan it, describe it to the engine, probe it and report it.</summary>
public sealed class NumbersTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 10, 0, TimeSpan.Zero);

    [Fact]
    public void Pods_with_any_number_are_planned_described_probed_and_reported()
    {
        var seen = 0;
        foreach (var field in NumberFields.Of(BuiltIn.Pods))
            foreach (var value in NumberFields.ValuesFor(field))
            {
                if (Accepted(field, value) is not { } pod) continue;
                seen++;
                try
                {
                    Check(pod);
                }
                catch (Exception failure)
                {
                    throw new InvalidOperationException($"{field} = {value.ToJsonString()}", failure);
                }
            }
        Assert.True(seen > 1000, $"{seen}");
    }

    private static void Check(V1Pod pod)
    {
        var running = pod.Spec.Containers.Select(c => Running(c.Name)).ToArray();
        foreach (var found in (IReadOnlyList<ContainerState>[])[[], running])
        {
            var (situation, _) = Adoption.Situation(pod, found);
            situation = situation with { Volumes = VolumesSituation.Ready };
            foreach (var now in (DateTimeOffset[])[Now, Now.AddYears(1), DateTimeOffset.MaxValue])
            {
                PodPlan.Decide(situation, now);
                PodPlan.Decide(situation with { Going = true, KillBy = DateTimeOffset.MaxValue }, now);
            }
            var status = PodStatusWriter.Write(pod, situation, pod.Status, ["10.0.0.1"], ["127.0.0.1"], Now);
            Assert.NotEmpty(k8s.KubernetesJson.Serialize(status));
        }
        var qos = Agent.Pods.QosClass.Of(pod.Spec);
        foreach (var container in pod.Spec.Containers)
        {
            Assert.InRange(ResourceAmounts.CpuShares(container.Resources)!.Value, 2, 262_144);
            Assert.True(ResourceAmounts.CpuLimitMillis(container.Resources) is null or > 0 and <= long.MaxValue / 1_000_000);
            Assert.True(ResourceAmounts.MemoryLimitBytes(container.Resources) is null or >= 0);
            Assert.InRange(Agent.Pods.QosClass.OomScoreAdj(qos, ResourceAmounts.Find(container.Resources?.Requests, "memory") ?? 0, 8L << 30), -1000, 1000);
            Assert.NotEmpty(ContainerSpecFactory.SpecHash(container));
            foreach (var probe in (V1Probe?[])[container.LivenessProbe, container.ReadinessProbe, container.StartupProbe])
                if (probe is not null) Probe(probe);
        }
    }

    private static void Probe(V1Probe probe)
    {
        // Its first attempt would come much later than this test ends, or at once and do nothing.
        using var probes = new ProbeScheduler(TimeProvider.System);
        using var one = probes.Start(new("id", "c", ProbeKind.Liveness, probe, _ => Task.FromResult(new ProbeResult(true, "")), _ => { }), DateTimeOffset.MaxValue);
        using var two = probes.Start(new("id", "c", ProbeKind.Readiness, probe, _ => Task.FromResult(new ProbeResult(false, "")), _ => { }), DateTimeOffset.MinValue);
    }

    private static ContainerState Running(string name) => new(
        "x", name, ContainerPhase.Running, "i", "i", new Dictionary<string, string> { [ContainerLabels.ContainerName] = name }, Now, Now, null, 0, false, null, null);

    private static V1Pod? Accepted(NumberField field, JsonNode value)
    {
        try
        {
            var pod = ObjectDecoder.Decode(System.Text.Encoding.UTF8.GetBytes(NumberFields.With(field, value).ToJsonString()), "application/json", BuiltIn.Pods).Object;
            BuiltIn.Pods.Rules.Default(pod);
            var errors = new FieldErrors();
            BuiltIn.Pods.Rules.Validate(Field.Root(pod), errors);
            return errors.All.Count > 0 ? null : k8s.KubernetesJson.Deserialize<V1Pod>(pod.ToJsonString());
        }
        catch (ApiException)
        {
            return null;
        }
    }
}
