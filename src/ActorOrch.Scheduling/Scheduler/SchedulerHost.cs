using ActorOrch.Registry.Collections;
using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Pattern;

namespace ActorOrch.Scheduling.Scheduler;

/// <summary>Runs the one scheduler of the cluster, on a control-plane process, and reaches it from the others.</summary>
public static class SchedulerHost
{
    private const string ManagerName = "scheduler";
    private const string ProxyName = $"{ManagerName}-proxy";

    /// <summary>Where <see cref="StartProxy"/> puts what reaches the scheduler from this process.</summary>
    internal const string ProxyPath = $"/user/{ProxyName}";

    /// <summary>The serializer of the scheduler's journal and messages; a fallback for the process's HOCON.</summary>
    public static Config DefaultConfig { get; } = ConfigurationFactory.ParseString($$"""
        akka.actor {
          serializers {
            actororch-scheduler = "{{typeof(SchedulerSerializer).FullName}}, ActorOrch.Scheduling"
          }
          serialization-bindings {
            "{{typeof(ISchedulerMessage).FullName}}, ActorOrch.Scheduling" = actororch-scheduler
          }
        }
        """);

    /// <summary>Starts it in a process that has the role (null: every process may run it), and returns a reference that always reaches it.</summary>
    public static IActorRef Start(
        ActorSystem system, IRegistry registry, ISchedulingEvents events, SchedulerSettings settings, TimeProvider time, string? role = "control-plane")
    {
        // A journal that fails, or that another process has taken over, stops the actor; it comes back from what is durable.
        var supervised = BackoffSupervisor.Props(Backoff.OnStop(
            SchedulerActor.Props(registry, events, settings, time), "actor", TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), 0.2, -1));
        system.ActorOf(
            ClusterSingletonManager.Props(supervised, PoisonPill.Instance, ClusterSingletonManagerSettings.Create(system).WithRole(role)), ManagerName);
        return StartProxy(system, role);
    }

    /// <summary>For processes that only ask (<see cref="WhyPending"/>).</summary>
    public static IActorRef StartProxy(ActorSystem system, string? role = "control-plane") => system.ActorOf(
        ClusterSingletonProxy.Props($"/user/{ManagerName}", ClusterSingletonProxySettings.Create(system).WithRole(role)), ProxyName);
}
