using System.Collections.Concurrent;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following;
using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Catalog;
using Akka.Actor;

namespace ActorOrch.Controllers.Nodes.Health;

/// <summary>Monitor to NodeActor: nothing was heard of the agent for the grace period.</summary>
internal sealed class HeartbeatMissing : INoSerializationVerificationNeeded
{
    internal static readonly HeartbeatMissing Instance = new();
}

/// <summary>Monitor to NodeActors that are lost: whether pods may be evicted has changed.</summary>
internal sealed class DisruptionChanged : INoSerializationVerificationNeeded
{
    internal static readonly DisruptionChanged Instance = new();
}

/// <summary>
/// When each agent of this process's NodeActors was heard last. One timer for all of them; a process that was stopped itself for a
/// while blames nobody. Safe for parallel use.
/// </summary>
public sealed class HeartbeatMonitor : IDisposable
{
    private readonly ConcurrentDictionary<string, Pulse> _pulses = new();
    private readonly NodeReadiness _readiness = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _grace;
    private readonly TimeSpan _interval;
    private readonly Follower _nodes;
    private readonly DeadlineTimer _timer;
    private long _lastCheck;
    private long _freshUtcTicks;
    private volatile Disruption _disruption;

    public HeartbeatMonitor(IRegistry registry, NodeSettings settings, TimeProvider time)
    {
        _time = time;
        _grace = settings.HeartbeatGrace;
        _interval = settings.CheckInterval;
        _lastCheck = time.GetTimestamp();
        _freshUtcTicks = time.GetUtcNow().UtcTicks;
        _nodes = Follower.Call(registry[BuiltIn.Nodes], new(_readiness.Set, _readiness.Apply));
        _timer = DeadlineTimer.Every(time, _interval, "the look at the nodes' heartbeats", Check);
    }

    /// <summary>Whether pods of lost nodes may be evicted: not while most of the cluster is out of reach.</summary>
    public bool MayEvict => _disruption == Disruption.None;

    /// <summary>Since when this process has been able to hear agents: its start, or the end of its last pause.</summary>
    public DateTimeOffset FreshSince => new(Interlocked.Read(ref _freshUtcTicks), TimeSpan.Zero);

    /// <summary>Starts to watch a node, with a full grace period.</summary>
    internal void Watch(string node, IActorRef actor) => _pulses[node] = new(actor, _time.GetTimestamp());

    /// <summary>The agent was heard.</summary>
    internal void Beat(string node)
    {
        if (!_pulses.TryGetValue(node, out var pulse)) return;
        Interlocked.Exchange(ref pulse.LastHeard, _time.GetTimestamp());
        pulse.Missing = false;
    }

    internal void Forget(string node, IActorRef actor)
    {
        if (_pulses.TryGetValue(node, out var pulse) && pulse.Actor.Equals(actor)) _pulses.TryRemove(node, out _);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _nodes.Dispose();
    }

    private void Check()
    {
        var now = _time.GetTimestamp();
        var sinceLast = _time.GetElapsedTime(Interlocked.Exchange(ref _lastCheck, now), now);
        if (sinceLast > _interval * 3)
        {
            // We were stopped, not they: heartbeats may be waiting in our mailboxes.
            Interlocked.Exchange(ref _freshUtcTicks, _time.GetUtcNow().UtcTicks);
            foreach (var pulse in _pulses.Values) Interlocked.Exchange(ref pulse.LastHeard, now);
            return;
        }
        var missing = new List<IActorRef>();
        var silent = 0;
        foreach (var pulse in _pulses.Values)
        {
            if (!pulse.Missing && _time.GetElapsedTime(Interlocked.Read(ref pulse.LastHeard), now) > _grace)
            {
                pulse.Missing = true;
                missing.Add(pulse.Actor);
            }
            if (pulse.Missing) silent++;
        }
        // Those that went silent just now may still be written down as ready.
        var ready = Math.Clamp(_readiness.Count - silent, 0, _readiness.Ready);
        Judge(ready, _readiness.Count - ready);
        foreach (var actor in missing) actor.Tell(HeartbeatMissing.Instance);
    }

    private void Judge(int ready, int notReady)
    {
        var disruption = Disruptions.Of(ready, notReady);
        if (disruption == _disruption) return;
        _disruption = disruption;
        foreach (var pulse in _pulses.Values)
            if (pulse.Missing) pulse.Actor.Tell(DisruptionChanged.Instance);
    }

    private sealed class Pulse(IActorRef actor, long heard)
    {
        internal readonly IActorRef Actor = actor;
        internal long LastHeard = heard;
        internal volatile bool Missing;
    }
}
