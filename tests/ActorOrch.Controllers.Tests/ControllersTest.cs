using System.Text.Json.Nodes;
using ActorOrch.Controllers.Events;
using ActorOrch.Reconciling;
using ActorOrch.Registry.Admission;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Testing;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;

namespace ActorOrch.Controllers.Tests;

/// <summary>All controllers of the project over the real API pipeline and an in-memory registry; the test plays the kubelet.</summary>
public abstract class ControllersTest : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="types">The kinds that there are; all of the system's where there are none.</param>
    protected ControllersTest(params IReadOnlyList<ResourceType> types) : base(ConfigurationFactory.ParseString("akka.loglevel = WARNING").WithFallback(ControllersHost.DefaultConfig))
    {
        Registry = new(types);
        Api = new ObjectApi(Registry, [new NamespaceLifecycle()], Time, new Random(1));
        Events = EventRecorder.Start(Sys, Api, Time);
    }

    protected InMemoryRegistry Registry { get; }
    protected ManualTime Time { get; } = new();
    protected IObjectApi Api { get; }
    protected IEventRecorder Events { get; }
    protected Dictionary<string, IActorRef> Regions { get; } = [];

    /// <summary>Starts every controller and waits until <c>default</c> is there.</summary>
    protected async Task StartAsync()
    {
        var services = new ReconcilerServices(Api, Events, Time, new Random(1), (type, message) => Regions[type].Tell(message));
        var definitions = ControllersHost.BuiltInReconcilers(Registry, "PEM");
        foreach (var definition in definitions)
            Regions[definition.TypeName] = Sys.ActorOf(Props.Create(() => new LocalRegion(key => definition.Props(key, services))), definition.TypeName);
        ControllersHost.StartFeeds(Sys, services, definitions, Regions);
        await UntilAsync(BuiltIn.ServiceAccounts, all => all.Get(new("default", "default")) is not null);
    }

    /// <summary>Waits for a state of one collection; fails with what it was instead.</summary>
    protected async Task<Snapshot> UntilAsync(ResourceType type, Func<Snapshot, bool> reached)
    {
        using var patience = new CancellationTokenSource(Patience);
        var snapshot = Registry[type].Latest;
        while (!reached(snapshot))
        {
            try
            {
                snapshot = await Registry[type].ReadAtLeastAsync(snapshot.Revision + 1, patience.Token);
            }
            catch (OperationCanceledException)
            {
                var seen = string.Join('\n', snapshot.Objects.Values.Select(o => System.Text.Encoding.UTF8.GetString(o.Json)));
                Assert.Fail($"{type.Plural} did not come to what was expected; they are:\n{seen}");
            }
        }
        return snapshot;
    }

    /// <summary>Waits for a state of one object.</summary>
    protected async Task<T> UntilAsync<T>(ResourceType type, string name, Func<T, bool> reached) where T : class
    {
        var key = new ObjectKey(type.Namespaced ? "default" : "", name);
        var snapshot = await UntilAsync(type, all => all.Get(key) is { } obj && reached(obj.As<T>()));
        return snapshot.Get(key)!.As<T>();
    }

    protected Task<StoredObject> CreateAsync(ResourceType type, string json) =>
        Api.CreateAsync(type, type.Namespaced ? "default" : "", JsonNode.Parse(json)!.AsObject(), WriteOptions.Default);

    protected Task<StoredObject> PatchAsync(ResourceType type, string name, string json) =>
        Api.PatchAsync(type, new(type.Namespaced ? "default" : "", name), PatchType.Merge, JsonNode.Parse(json)!, WriteOptions.Default);

    protected async Task<Snapshot> UntilEventAsync(string reason, string message) =>
        await UntilAsync(BuiltIn.Events, all => all.List().Any(e => e.As<k8s.Models.Corev1Event>() is var it && it.Reason == reason && it.Message == message));

    /// <summary>Lets time pass, a second after the other, until something holds.</summary>
    protected Task AdvanceUntilAsync(Func<bool> reached) => AwaitConditionAsync(() =>
    {
        if (reached()) return Task.FromResult(true);
        Time.Advance(TimeSpan.FromSeconds(1));
        return Task.FromResult(reached());
    }, Patience, TimeSpan.FromMilliseconds(5));

    /// <summary>The pods that are neither finished nor going.</summary>
    protected static List<StoredObject> Active(Snapshot pods) => [.. pods.List("default").Where(p => Controllers.ReplicaSets.PodFacts.Of(p).Active)];

    /// <summary>Plays the kubelet: each pod is Running and Ready as soon as it is there, and removed when asked to go.</summary>
    protected void RunKubelet() => Follower.Call(Registry[BuiltIn.Pods], new(
        all =>
        {
            foreach (var pod in all.Objects.Values) Tend(new(ChangeKind.Added, pod, null));
        },
        changes =>
        {
            foreach (var change in changes) Tend(change);
        }));

    protected Task<StoredObject?> SetReadyAsync(ObjectKey pod, bool ready = true) => Api.ModifyAsync(BuiltIn.Pods, pod, document =>
    {
        if (document["metadata"]!["deletionTimestamp"] is not null) return false;
        document["status"] = new JsonObject
        {
            ["phase"] = "Running",
            ["conditions"] = new JsonArray(new JsonObject
            {
                ["type"] = "Ready",
                ["status"] = ready ? "True" : "False",
                ["lastTransitionTime"] = Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
            }),
        };
        return true;
    }, new() { Subresource = "status" });

    private void Tend(Change change)
    {
        var pod = change.Object;
        if (change.Kind == ChangeKind.Added) Task.Run(() => SetReadyAsync(pod.Key));
        else if (change.Kind == ChangeKind.Modified && pod.Meta.DeletionTimestamp is not null) Task.Run(() => RemoveAsync(pod));
    }

    private async Task RemoveAsync(StoredObject pod)
    {
        try
        {
            await Api.DeleteAsync(BuiltIn.Pods, pod.Key, new() { GracePeriodSeconds = 0, PreconditionUid = pod.Uid }, WriteOptions.Default);
        }
        catch (ApiException gone) when (gone.Code is 404 or 409)
        {
            // Two changes of one pod both asked; it is gone.
            return;
        }
    }
}
