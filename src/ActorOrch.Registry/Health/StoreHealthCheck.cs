using ActorOrch.Registry.Persistence;
using ActorOrch.Registry.Persistence.Keeping;
using Akka.Actor;
using Akka.Pattern;

namespace ActorOrch.Registry.Health;

/// <summary>Whether a write would be durable: there is room on the store's disk, and the journal takes a commit.</summary>
public sealed class StoreHealthCheck : IHealthCheck
{
    /// <summary>A store that has less than this many bytes left is full: its log alone may grow by as much from one commit to the next.</summary>
    public const long LeastFreeBytes = 4 << 20;

    private readonly IActorRef _probe;
    private readonly string _directory;
    private readonly StoreWatch _watch;

    private StoreHealthCheck(IActorRef probe, string directory, StoreWatch watch)
    {
        _watch = watch;
        _probe = probe;
        _directory = directory;
    }

    public string Name => "store";

    /// <summary>Starts what it asks; once in a process.</summary>
    /// <param name="process">Names this process among those of its cluster; the same after a restart.</param>
    public static StoreHealthCheck Start(ActorSystem system, string process, TimeProvider time)
    {
        var supervised = BackoffSupervisor.Props(
            Backoff.OnStop(Props.Create(() => new StoreProbeActor(process, time)), "actor", TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2), 0.2, -1)
                .WithReplyWhileStopped(new StoreProbed("the store has failed and is tried again")));
        return new(system.ActorOf(supervised, "store-probe"), Store.DirectoryOf(system.Settings.Config), StoreWatch.Of(system));
    }

    public async ValueTask<string?> CheckAsync(CancellationToken cancel)
    {
        _watch.Look();
        if (_watch.Lost is { } lost) return lost;
        if (_directory.Length > 0 && new DriveInfo(_directory).AvailableFreeSpace is var free and < LeastFreeBytes)
            return $"the store's disk is full: {free} bytes are left";
        var answer = await _probe.Ask<StoreProbed>(ProbeStore.Instance, Timeout.InfiniteTimeSpan, cancel).ConfigureAwait(false);
        return answer.Failure;
    }
}
