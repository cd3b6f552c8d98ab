using ActorOrch.Registry.Api;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following;
using ActorOrch.Registry.Timing;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Timing;
using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Controllers.Events;

/// <summary>
/// Deletes events that are too old or too many, through the API as anyone would, in the process that owns their collection. It waits for the
/// next that is due, and looks at nothing before.
/// </summary>
public sealed class EventExpiryActor : UntypedActor
{
    /// <summary>What falls due within this is removed together.</summary>
    internal static readonly TimeSpan Together = TimeSpan.FromSeconds(10);

    /// <summary>How many are removed at once.</summary>
    private const int AtOnce = 256;

    private readonly IObjectApi _api;
    private readonly ICollection _events;
    private readonly EventSettings _settings;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly EventAges _ages;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private readonly DeadlineTimer _timer;
    private Follower? _follower;
    private DateTimeOffset _due = DateTimeOffset.MaxValue;
    private bool _removing;
    private int _failures;

    public EventExpiryActor(IObjectApi api, EventSettings settings, TimeProvider time, Random random)
    {
        _api = api;
        _events = api.Registry[BuiltIn.Events];
        _settings = settings;
        _time = time;
        _random = random;
        _ages = new(settings);
        var self = Self;
        _timer = new(time, "the wait for the next event to expire", () => self.Tell(Due.Instance));
    }

    public static Props Props(IObjectApi api, EventSettings settings, TimeProvider time, Random random) =>
        Akka.Actor.Props.Create(() => new EventExpiryActor(api, settings, time, random));

    private bool IsFollowing => _follower is { IsFollowing: true };

    protected override void PreStart() => _follower = Follower.WhileOwned(_events, Self, new(Load, Look, _ages.Clear));

    protected override void PostStop()
    {
        _follower?.Dispose();
        _timer.Dispose();
        _stopping.Cancel();
        _stopping.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case FollowerNews news:
                news.Take();
                break;
            case Due:
                _due = DateTimeOffset.MaxValue;
                Remove();
                break;
            case Removed removed:
                OnRemoved(removed);
                break;
            case RemovalFailed failed:
                _log.Warning(failed.Cause, "Old events could not be removed");
                OnRemoved(new(failed.Kept, Failed: true));
                break;
            default:
                Unhandled(message);
                return;
        }
        if (!IsFollowing) return;
        if (_ages.Count > _settings.Number) Remove();
    }

    private void Load(Snapshot snapshot)
    {
        _ages.Clear();
        foreach (var stored in snapshot.Objects.Values) _ages.Add(stored);
        _due = DateTimeOffset.MaxValue;
        if (_ages.Next is { } next) WaitUntil(next);
    }

    private void Look(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
            if (change.Kind == ChangeKind.Deleted) _ages.Remove(change.Key);
            else if (change.Kind == ChangeKind.Added) WaitUntil(_ages.Add(change.Object));
    }

    private void WaitUntil(DateTimeOffset due)
    {
        if (due >= _due) return;
        _due = due;
        _timer.Set(Durations.Longer(due - _time.GetUtcNow(), Together));
    }

    private void Remove()
    {
        if (_removing || !IsFollowing) return;
        var expired = _ages.Take(_time.GetUtcNow(), _events.Latest.Get);
        if (expired.Count == 0)
        {
            if (_ages.Next is { } next) WaitUntil(next);
            return;
        }
        _removing = true;
        IReadOnlyList<ObjectKey> keys = [.. expired.Select(e => e.Key)];
        RemoveAsync(expired, _stopping.Token).PipeTo(Self, success: removed => removed, failure: cause => new RemovalFailed(keys, cause));
    }

    private async Task<Removed> RemoveAsync(IReadOnlyList<StoredObject> expired, CancellationToken cancel)
    {
        var kept = new List<ObjectKey>();
        var failed = false;
        foreach (var part in expired.Chunk(AtOnce))
        {
            var outcomes = await Task.WhenAll(part.Select(one => DeleteAsync(one, cancel)));
            for (var i = 0; i < part.Length; i++)
                if (outcomes[i] is { } why)
                {
                    kept.Add(part[i].Key);
                    // One that has happened again meanwhile is not old.
                    failed |= why.Code != 409;
                }
        }
        return new(kept, failed);
    }

    private async Task<ApiException?> DeleteAsync(StoredObject expired, CancellationToken cancel)
    {
        try
        {
            var request = new DeleteRequest { PreconditionUid = expired.Uid, PreconditionResourceVersion = expired.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture) };
            await _api.DeleteAsync(BuiltIn.Events, expired.Key, request, WriteOptions.Default, cancel);
            return null;
        }
        catch (ApiException gone) when (gone.Code == 404)
        {
            return null;
        }
        catch (ApiException refused)
        {
            if (refused.Code != 409) _log.Warning("The event {0} could not be removed: {1}", expired.Key, refused.Message);
            return refused;
        }
    }

    private void OnRemoved(Removed removed)
    {
        _removing = false;
        _failures = removed.Failed ? _failures + 1 : 0;
        var again = _time.GetUtcNow().After(removed.Failed ? Durations.Longer(Together, RetryDelay.After(_failures, _random)) : Together);
        if (removed.Kept.Count > 0) _ages.PutBack(removed.Kept, again);
        if (_ages.Next is { } next) WaitUntil(next);
    }

    /// <param name="Kept">Those that are still there.</param>
    private sealed record Removed(IReadOnlyList<ObjectKey> Kept, bool Failed) : INoSerializationVerificationNeeded;

    private sealed record RemovalFailed(IReadOnlyList<ObjectKey> Kept, Exception Cause) : INoSerializationVerificationNeeded;

    private sealed class Due : INoSerializationVerificationNeeded
    {
        public static readonly Due Instance = new();
    }
}
