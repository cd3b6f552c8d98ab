using ActorOrch.Controllers.Events;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Admission;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Testing;
using Akka.Cluster;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using k8s.Models;

namespace ActorOrch.Controllers.Tests;

public sealed class ControllersHostTests() : TestKit(Settings.WithFallback(ControllersHost.DefaultConfig).WithFallback(ReconcilerRegions.DefaultConfig))
{
    private static readonly Config Settings = ConfigurationFactory.ParseString("""
        akka {
          loglevel = WARNING
          actor.provider = cluster
          remote.dot-netty.tcp.hostname = "127.0.0.1"
          remote.dot-netty.tcp.port = 0
          cluster.roles = [control-plane]
          cluster.sharding.state-store-mode = ddata
          cluster.sharding.distributed-data.durable.keys = []
          cluster.sharding.verbose-debug-logging = off
        }
        """);

    [Fact]
    public async Task In_a_cluster_the_controllers_work_as_sharded_actors()
    {
        var cluster = Cluster.Get(Sys);
        await cluster.JoinAsync(cluster.SelfAddress);
        var registry = new InMemoryRegistry();
        var api = new ObjectApi(registry, [new NamespaceLifecycle()], TimeProvider.System, new Random(1));
        var regions = await ControllersHost.StartAsync(Sys, api, new()
        {
            Events = EventRecorder.Start(Sys, api, TimeProvider.System),
            CertificatePem = "PEM",
        });
        Assert.Equal(["customresourcedefinition", "deployment", "namespace", "replicaset", "replicationcontroller"], regions.Keys.Order());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await registry[BuiltIn.ServiceAccounts].ReadAtLeastAsync(4, patience.Token);
        await api.CreateAsync(BuiltIn.Deployments, "default", System.Text.Json.Nodes.JsonNode.Parse("""
            {"metadata":{"name":"web"},"spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},
             "template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """)!.AsObject(), WriteOptions.Default);
        var pods = await registry[BuiltIn.Pods].ReadAtLeastAsync(3, patience.Token);
        Assert.All(pods.List(), pod => Assert.Equal("i", pod.As<V1Pod>().Spec.Containers[0].Image));
    }
}
