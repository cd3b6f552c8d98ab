using ActorOrch.Agent.Probes;
using Akka.Actor;
using k8s.Models;

namespace ActorOrch.Agent.Pods;

/// <summary>The pod's probes: started and stopped with its containers.</summary>
internal sealed partial class PodWorker
{
    private readonly Dictionary<string, List<IDisposable>> _probes = [];

    /// <summary>The startup probe alone first; liveness and readiness once it has succeeded.</summary>
    private void StartProbes(ContainerSituation container)
    {
        if (container.Kind == ContainerKind.Init) return;
        var spec = SpecOf(container.Name);
        if (spec.StartupProbe is null && !container.Started) Change(container.Name, c => c with { Started = true });
        if (spec.ReadinessProbe is null && !container.ProbedReady) Change(container.Name, c => c with { ProbedReady = true });
        if (!_situation[container.Name].Started)
        {
            StartProbe(container.Current!, spec, ProbeKind.Startup, spec.StartupProbe);
            return;
        }
        StartProbe(container.Current!, spec, ProbeKind.Readiness, spec.ReadinessProbe);
        StartProbe(container.Current!, spec, ProbeKind.Liveness, spec.LivenessProbe);
    }

    private void StartProbe(ContainerInstance instance, V1Container spec, ProbeKind kind, V1Probe? probe)
    {
        if (probe is null) return;
        var address = _context.PodAddresses.FirstOrDefault() ?? "";
        var prober = _environment.Prober;
        var self = Self;
        var task = new ProbeTask(
            instance.Id, spec.Name, kind, probe,
            cancel => prober.ProbeAsync(probe, spec, instance.Id, address, cancel),
            outcome => self.Tell(new PodMessages.Probed(outcome)));
        if (!_probes.TryGetValue(instance.Id, out var running)) _probes[instance.Id] = running = [];
        running.Add(_environment.Probes.Start(task, instance.StartedAt ?? Now));
    }

    private void StopProbes(string containerId)
    {
        if (!_probes.Remove(containerId, out var probes)) return;
        foreach (var probe in probes) probe.Dispose();
    }

    private void OnProbed(ProbeOutcome outcome)
    {
        var container = _situation[outcome.Container];
        if (container.Current?.Id != outcome.ContainerId || !container.Running || container.Busy == Busy.Stopping) return;
        if (outcome.Failure is { } failure)
            Event(PathOf(container), "Warning", "Unhealthy", $"{outcome.Kind} probe failed: {failure}");
        if (outcome.Warning is { } warning)
            Event(PathOf(container), "Warning", "ProbeWarning", $"{outcome.Kind} probe warning: {warning}");
        switch (outcome.Kind)
        {
            case ProbeKind.Readiness when outcome.Verdict is { } ready:
                Change(container.Name, c => c with { ProbedReady = ready });
                break;
            case ProbeKind.Startup when outcome.Verdict == true:
                StopProbes(outcome.ContainerId);
                Change(container.Name, c => c with { Started = true });
                StartProbes(_situation[container.Name]);
                break;
            case ProbeKind.Startup or ProbeKind.Liveness when outcome.Verdict == false:
                Change(container.Name, c => c with
                {
                    Kill = new("Killing", $"Container {c.Name} failed {outcome.Kind.ToString().ToLowerInvariant()} probe, will be restarted", ByProbe: true),
                });
                break;
        }
        Evaluate();
    }
}
