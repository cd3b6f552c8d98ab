using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following.Selected;
using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Registry.Watching;

/// <summary>
/// Keeps a process's mirror of one collection supplied: wakes the collection's actor, and where that lives in another process, applies
/// what it sends. When the actor goes, asks for the next one.
/// </summary>
internal sealed class MirrorActor : UntypedActor, IWithTimers
{
    private readonly Mirror _mirror;
    private readonly IActorRef _region;
    private readonly RegistrySettings _settings;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private List<RecordedObject>? _loading;
    private IActorRef _owner = ActorRefs.Nobody;
    private long _ownedSince;
    private long _revisionThen;
    private int _barrenOwners;
    private long _session;
    private long _received;

    /// <summary>The owner's revision that somebody waits for.</summary>
    private long _wanted;

    private sealed record FollowAgain
    {
        public static readonly FollowAgain Instance = new();
    }

    /// <summary>Somebody waits for a revision that has nothing for this mirror, perhaps: then only a question tells.</summary>
    internal sealed record CatchUp(long Revision) : INoSerializationVerificationNeeded;

    public MirrorActor(Mirror mirror, IActorRef region, RegistrySettings settings)
    {
        _mirror = mirror;
        _region = region;
        _settings = settings;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var self = Self;
        _mirror.AskBy(revision => self.Tell(new CatchUp(revision)));
        Follow();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OwnedHere here:
                WatchOwner(here.Owner);
                Context.SetReceiveTimeout(null);
                break;
            case FollowCommits commits when commits.Session == _session && Follows(commits.Sequence):
                Apply(commits);
                break;
            case FollowObjects objects when objects.Session == _session && Follows(objects.Sequence):
                Load(objects);
                break;
            case FollowSelected selected when selected.Session == _session && Follows(selected.Sequence):
                Select(selected);
                break;
            case FollowCommits or FollowObjects or FollowSelected:
                break;
            case CatchUp wanted:
                _wanted = Math.Max(_wanted, wanted.Revision);
                CatchUpUnlessAsked();
                break;
            case Terminated terminated when terminated.ActorRef.Equals(_owner):
                _owner = ActorRefs.Nobody;
                AskForTheNext();
                break;
            case FollowAgain or ReceiveTimeout:
                Follow();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Follow()
    {
        _session++;
        _received = 0;
        _loading = null;
        _region.Tell(_mirror.Filter is { } filter
            ? new FollowSelectedRequest(_mirror.Resource.Collection, _session, _mirror.Latest.Revision, filter, _mirror.View.Pods)
            : new FollowRequest(_mirror.Resource.Collection, _session, _mirror.Latest.Revision));
        Context.SetReceiveTimeout(_settings.FollowRetry);
    }

    /// <summary>At once; but an owner that died young and has stored nothing is likely to do so again, and each recovery costs: wait longer each time.</summary>
    private void AskForTheNext()
    {
        if (_settings.Time.GetElapsedTime(_ownedSince) > _settings.FollowSilence || _mirror.Latest.Revision > _revisionThen)
        {
            _barrenOwners = 0;
            Follow();
            return;
        }
        var wait = _settings.FollowRetry * Math.Pow(2, Math.Min(_barrenOwners++, 16));
        Timers.StartSingleTimer(FollowAgain.Instance, FollowAgain.Instance, wait < _settings.FollowSilence ? wait : _settings.FollowSilence);
    }

    private bool Follows(long sequence)
    {
        if (sequence == ++_received)
        {
            WatchOwner(Sender);
            Context.SetReceiveTimeout(_settings.FollowSilence);
            return true;
        }
        _log.Info("A message about {0} was lost: {1} came instead of {2}", _mirror.Resource.Collection, sequence, _received);
        Follow();
        return false;
    }

    private void Apply(FollowCommits message)
    {
        var view = _mirror.View;
        if (message.Commits.Count == 0)
        {
            _mirror.PublishFromAfar(view, complete: view.Revision >= message.Revision);
            return;
        }
        if (message.Commits[0].FirstRevision != view.Revision + 1)
        {
            _log.Info("The mirror of {0} is at revision {1}, not before {2}", _mirror.Resource.Collection, view.Revision, message.Commits[0].FirstRevision);
            Follow();
            return;
        }
        var (after, changes) = CollectionState.WithoutClaims(_mirror.Resource, view.Snapshot).Replay(message.Commits);
        _mirror.PublishFromAfar(view.Next(after.Snapshot, changes, _settings.History), complete: after.Revision >= message.Revision);
    }

    private void Load(FollowObjects message)
    {
        (_loading ??= []).AddRange(message.Objects);
        if (!message.Last) return;
        var state = CollectionState.Restore(_mirror.Resource, _mirror.Claiming, message.Revision, _loading.Select(o => o.ToObject(_mirror.Resource)));
        _loading = null;
        // By which pods, the next message says.
        _mirror.PublishFromAfar(_mirror.Filter is null ? CollectionView.Of(state.Snapshot) : _mirror.View.NextSelected(state.Snapshot, changes: null, pods: 0), complete: true);
        CatchUpUnlessAsked();
    }

    private void Select(FollowSelected message)
    {
        _mirror.PublishFromAfar(SelectedChanges.Apply(_mirror.Resource, _mirror.View, message), complete: message.Revision > 0);
        CatchUpUnlessAsked();
    }

    /// <summary>One question at a time: another would make the answer to it a stranger's.</summary>
    private void CatchUpUnlessAsked()
    {
        if (_wanted > _mirror.Latest.Revision && _received > 0 && _loading is null) Follow();
    }

    private void WatchOwner(IActorRef owner)
    {
        if (owner.Equals(_owner)) return;
        Context.Unwatch(_owner);
        _owner = Context.Watch(owner);
        _ownedSince = _settings.Time.GetTimestamp();
        _revisionThen = _mirror.Latest.Revision;
    }
}
