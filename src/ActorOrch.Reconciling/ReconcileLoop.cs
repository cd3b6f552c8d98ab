using ActorOrch.Registry.Timing;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Event;

namespace ActorOrch.Reconciling;

/// <summary>
/// The heart of a reconciler actor, apart from its base class so that persistent actors can have it too: at most one run at a time,
/// wakes folded into the next one, retries, timed wakes, passivation. Give it every message first (<see cref="Handle"/>).
/// </summary>
public sealed class ReconcileLoop : IDisposable
{
    private static readonly TimeSpan IdleBeforePassivation = TimeSpan.FromMinutes(2);

    /// <summary>After so many failures in a row it no longer runs at once when it is woken.</summary>
    private const int MostHasty = 5;

    private static readonly TimeSpan BetweenFailures = TimeSpan.FromSeconds(1);

    private readonly IActorContext _context;
    private readonly IActorRef _self;
    private readonly string _name;
    private readonly ObjectKey _key;
    private readonly string _typeName;
    private readonly ReconcilerServices _services;
    private readonly ILoggingAdapter _log;
    private readonly Func<Reconciliation, Task<ReconcileResult>> _reconcile;
    private readonly Action<ReconcileResult, Action> _ended;
    private readonly RevisionMarks _marks = new();
    private readonly CancellationTokenSource _stopping = new();
    private DeadlineTimer? _timer;
    private bool _running;
    private bool _wanted;
    private bool _hasRun;
    private bool _soon;
    private int _failures;

    /// <param name="context">Of the actor it lives in.</param>
    /// <param name="typeName">The region's type name.</param>
    /// <param name="reconcile">One run. It starts on the actor's thread but goes on elsewhere: it must not touch the actor's state.</param>
    /// <param name="ended">
    /// Called on the actor's thread with the result of a run; it calls the second argument, now or later, to let the loop go on.
    /// Null: at once.
    /// </param>
    public ReconcileLoop(
        IActorContext context, string typeName, ObjectKey key, ReconcilerServices services,
        Func<Reconciliation, Task<ReconcileResult>> reconcile, Action<ReconcileResult, Action>? ended = null)
    {
        _context = context;
        _self = context.Self;
        _typeName = typeName;
        _key = key;
        _services = services;
        _log = context.GetLogger();
        _reconcile = reconcile;
        _ended = ended ?? ((_, proceed) => proceed());
        _name = $"{context.Props.Type.Name} {key}";
        context.SetReceiveTimeout(IdleBeforePassivation);
    }

    /// <summary>
    /// Call from PreStart, or when recovered: an actor that has come to life for whatever reason looks at everything once, even if the
    /// wake that brought it to life was lost.
    /// </summary>
    public void Start() => _self.Tell(Started.Instance);

    /// <summary>True where the message was the loop's. Whatever fails as it is handled is tried again after a pause, as a run that failed.</summary>
    public bool Handle(object message)
    {
        try
        {
            return TryHandle(message);
        }
        catch (Exception failure)
        {
            // An actor that throws is restarted at once, runs at once and throws again: a storm.
            Retry(failure);
            return true;
        }
    }

    private bool TryHandle(object message)
    {
        switch (message)
        {
            case Wake wake:
                if (wake.Collection is { } collection) _marks.Raise(collection, wake.Revision);
                _log.Debug("{0} woken by {1}", _name, wake);
                _wanted = true;
                if (_failures < MostHasty) RunWhenFree();
                else RunSoon();
                return true;
            case Started:
                if (_hasRun) return true;
                _wanted = true;
                RunWhenFree();
                return true;
            case Due:
                _wanted = true;
                RunWhenFree();
                return true;
            case Ended ended:
                _failures = 0;
                _ended(ended.Result, () => Proceed(ended.Result));
                return true;
            case Failed failed:
                Retry(failed.Cause);
                return true;
            case ReceiveTimeout:
                if (!_running && !_wanted && _timer is null) Passivate();
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// Call from PostStop. An actor that is moved away with work or a timer outstanding asks to be started again where its shard lives then.
    /// </summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
        if (_running || _wanted || _timer is not null) AskToBeStarted();
        _timer?.Dispose();
        _timer = null;
    }

    /// <summary>After a moment: the region has not heard of the death yet, and would hand the wake to the dead.</summary>
    private void AskToBeStarted()
    {
        var (services, typeName, key) = (_services, _typeName, _key);
        _context.System.Scheduler.Advanced.ScheduleOnce(LostWakes.Pause, () => services.Wake(typeName, new Wake(key)));
    }

    private void RunWhenFree()
    {
        if (_running) return;
        _running = true;
        _hasRun = true;
        _wanted = false;
        _soon = false;
        _timer?.Dispose();
        _timer = null;
        var run = new Reconciliation(_key, _services, _marks, _stopping.Token);
        RunAsync(run).PipeTo(_self, success: result => new Ended(result), failure: cause => new Failed(cause));
    }

    private async Task<ReconcileResult> RunAsync(Reconciliation run)
    {
        await run.CatchUpAsync();
        return await _reconcile(run);
    }

    private void Proceed(ReconcileResult result)
    {
        _running = false;
        if (_wanted) RunWhenFree();
        else if (result.IsGone) Passivate();
        else if (result.WakeAfter is { } after) WakeAfter(after);
    }

    private void Retry(Exception cause)
    {
        _running = false;
        if (cause is ApiException going && going.IsNamespaceTerminating())
        {
            GiveUp(going);
            return;
        }
        _failures++;
        var wait = RetryDelay.After(_failures, _services.Random);
        // A conflict only means that the mirror was behind: everyone meets it, and the next run sees the newer version.
        if (cause is ApiException { Code: 409 } && _failures < 3) _log.Debug("{0} will run again in {1}: {2}", _name, wait, cause.Message);
        // An answer is said in its own words: where in this process it was read is nothing to know, and templates that are refused are many.
        else if (cause is ApiException refused) _log.Warning("{0} failed {1} times and will run again in {2}: {3}", _name, _failures, wait, refused.Message);
        else _log.Warning(cause, "{0} failed {1} times and will run again in {2}", _name, _failures, wait);
        if (!_wanted) WakeAfter(wait);
        else if (_failures < MostHasty) RunWhenFree();
        else RunSoon();
    }

    /// <summary>
    /// The namespace is terminating, and everything in it: there is nothing to try again. It looks once more when it is woken, but not at each of the
    /// many changes that the namespace's end brings.
    /// </summary>
    private void GiveUp(ApiException going)
    {
        _log.Debug("{0} gives up: {1}", _name, going.Message);
        _failures = Math.Max(_failures, MostHasty);
        if (_wanted) RunSoon();
    }

    /// <summary>Woken, it is worth another look; but one that always fails may be woken by its own writes.</summary>
    private void RunSoon()
    {
        if (_running || _soon) return;
        _soon = true;
        WakeAfter(BetweenFailures);
    }

    private void WakeAfter(TimeSpan after)
    {
        _timer?.Dispose();
        var self = _self;
        _timer = DeadlineTimer.Once(_services.Time, after, "a reconciler's wait", () => self.Tell(Due.Instance));
    }

    private void Passivate()
    {
        _log.Debug("{0} has nothing left to do", _name);
        _context.Parent.Tell(new Passivate(PoisonPill.Instance));
    }

    private sealed class Started : INoSerializationVerificationNeeded
    {
        public static readonly Started Instance = new();
    }

    private sealed class Due : INoSerializationVerificationNeeded
    {
        public static readonly Due Instance = new();
    }

    private sealed record Ended(ReconcileResult Result) : INoSerializationVerificationNeeded;

    private sealed record Failed(Exception Cause) : INoSerializationVerificationNeeded;
}
