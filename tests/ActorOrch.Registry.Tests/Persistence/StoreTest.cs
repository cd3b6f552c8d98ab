using ActorOrch.Registry.Clustering;
using ActorOrch.Registry.Collections;
using Akka.Actor;

namespace ActorOrch.Registry.Tests.Persistence;

/// <summary>A store of a test's own, and the processes that it starts on it.</summary>
public abstract class StoreTest : IAsyncLifetime
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<ActorSystem> _systems = [];

    /// <summary>The settings of an empty store of this test's own.</summary>
    private protected string Settings { get; private set; } = "";

    public async Task InitializeAsync() => Settings = await CreateStoreAsync();

    public async Task DisposeAsync()
    {
        foreach (var system in _systems) await system.Terminate();
        await RemoveStoreAsync();
    }

    protected abstract Task<string> CreateStoreAsync();

    protected virtual Task RemoveStoreAsync() => Task.CompletedTask;

    /// <summary>A process that forms a cluster of its own: a second one on the same store is a second owner of everything.</summary>
    private protected async Task<(ActorSystem System, ClusterRegistry Registry)> StartAsync(string more = "")
    {
        var started = await TestRegistry.StartOnAsync($"{Settings}\n{more}");
        _systems.Add(started.System);
        return started;
    }

    /// <summary>Completes when the collection is owned by this process (again).</summary>
    private protected static Task OwnedAsync(ICollection collection) => OwnershipAsync(collection, wanted: true);

    /// <summary>Completes when the collection is not owned by this process (any more).</summary>
    private protected static Task LostAsync(ICollection collection) => OwnershipAsync(collection, wanted: false);

    private static async Task OwnershipAsync(ICollection collection, bool wanted)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Changed(bool owner)
        {
            if (owner == wanted) reached.TrySetResult();
        }
        collection.OwnershipChanged += Changed;
        if (collection.IsOwner == wanted) reached.TrySetResult();
        try
        {
            await reached.Task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{collection.Resource.Collection} was not {(wanted ? "recovered" : "given up")} within {Patience}; its mirror is at revision {collection.Latest.Revision}");
        }
        finally
        {
            collection.OwnershipChanged -= Changed;
        }
    }
}
