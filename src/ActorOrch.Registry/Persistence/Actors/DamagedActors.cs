using System.Collections.Concurrent;
using ActorOrch.Resources.Timing;
using Akka.Actor;

namespace ActorOrch.Registry.Persistence.Actors;

/// <summary>The actors of this process that do not start because of what is stored of them, and how long each rests before it tries again.</summary>
internal sealed class DamagedActors : IExtension
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5)];

    /// <summary>So long after it might have tried again and did not, an actor is no longer this process's: it moved, or nobody needs it.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Damage> _actors = new(StringComparer.Ordinal);
    private readonly ITimeProvider _time;

    public DamagedActors(ITimeProvider time) => _time = time;

    private sealed record Damage(string Detail, int Failures, DateTimeOffset Until)
    {
        public TimeSpan Wait => Waits[Math.Min(Failures, Waits.Length) - 1];
    }

    /// <summary>What is wrong with each, in the order of their ids.</summary>
    public IReadOnlyList<string> Details
    {
        get
        {
            var now = _time.Now;
            return [.. _actors.Where(a => now < a.Value.Until.After(Forgotten)).OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => a.Value.Detail)];
        }
    }

    public static DamagedActors Of(ActorSystem system) => system.WithExtension<DamagedActors, Provider>();

    /// <summary>Returns how long the actor is to rest.</summary>
    public TimeSpan Add(string persistenceId, string detail)
    {
        var failures = _actors.TryGetValue(persistenceId, out var before) ? before.Failures + 1 : 1;
        var damage = new Damage(detail, failures, _time.Now);
        damage = damage with { Until = damage.Until.After(damage.Wait) };
        _actors[persistenceId] = damage;
        return damage.Wait;
    }

    /// <summary>Zero of one that may start.</summary>
    public TimeSpan RestOf(string persistenceId)
    {
        if (!_actors.TryGetValue(persistenceId, out var damage)) return TimeSpan.Zero;
        var left = damage.Until - _time.Now;
        // A clock that was set back does not make it longer.
        return left > damage.Wait ? damage.Wait : left;
    }

    public void Remove(string persistenceId) => _actors.TryRemove(persistenceId, out _);

    private sealed class Provider : ExtensionIdProvider<DamagedActors>
    {
        public override DamagedActors CreateExtension(ExtendedActorSystem system) => new(system.Scheduler);
    }
}
