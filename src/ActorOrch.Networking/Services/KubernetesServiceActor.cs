using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Following;
using ActorOrch.Registry.Watching;
using ActorOrch.Resources.Catalog;
using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Networking.Services;

/// <summary>Makes <c>default/kubernetes</c> and puts it right whenever someone changes or removes it. Acts in the process that owns the services.</summary>
public sealed class KubernetesServiceActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMilliseconds(500);
    private static readonly ResourceType[] Others = [BuiltIn.Endpoints, BuiltIn.EndpointSlices];

    private readonly IObjectApi _api;
    private readonly NetworkSettings _settings;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Follower> _followers = [];
    private bool _busy;
    private bool _again;

    public KubernetesServiceActor(IObjectApi api, NetworkSettings settings)
    {
        _api = api;
        _settings = settings;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var handlers = new FollowerHandlers(_ => Self.Tell(Ensure.Instance), Look);
        // Whoever takes over the services is given them all, and looks.
        _followers.Add(Follower.WhileOwned(_api.Registry[BuiltIn.Services], Self, handlers));
        foreach (var kind in Others) _followers.Add(Follower.Start(_api.Registry[kind], Self, handlers));
    }

    protected override void PostStop()
    {
        foreach (var follower in _followers) follower.Dispose();
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
            case Ensure when _busy:
                _again = true;
                break;
            case Ensure when _api.Registry[BuiltIn.Services].IsOwner:
                _busy = true;
                EnsureAsync(_stopping.Token).PipeTo(Self, success: () => Ensured.Instance, failure: cause => new Status.Failure(cause));
                break;
            case Ensure:
                break;
            case Ensured:
                _busy = false;
                Follow();
                break;
            case Status.Failure failed:
                // At the very start the namespace is not there yet.
                _log.Debug("The service {0} is not complete yet: {1}", KubernetesService.Key, failed.Cause.Message);
                _busy = false;
                Timers.StartSingleTimer(Ensure.Instance, Ensure.Instance, AgainAfter);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Follow()
    {
        if (!_again) return;
        _again = false;
        Self.Tell(Ensure.Instance);
    }

    private void Look(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
        {
            if (change.Key != KubernetesService.Key) continue;
            Self.Tell(Ensure.Instance);
            return;
        }
    }

    private async Task EnsureAsync(CancellationToken cancel)
    {
        await EnsureAsync(BuiltIn.Services, KubernetesService.Service(_settings), cancel);
        await EnsureAsync(BuiltIn.Endpoints, KubernetesService.Endpoints(_settings), cancel);
        await EnsureAsync(BuiltIn.EndpointSlices, KubernetesService.Slice(_settings), cancel);
    }

    private async Task EnsureAsync(ResourceType type, JsonObject wanted, CancellationToken cancel)
    {
        if (await _api.ModifyAsync(type, KubernetesService.Key, stored => KubernetesService.Bring(stored, wanted), WriteOptions.Default, cancel) is not null) return;
        await _api.CreateAsync(type, KubernetesService.Key.Namespace, wanted, WriteOptions.Default, cancel);
    }

    private sealed class Ensure : INoSerializationVerificationNeeded
    {
        public static readonly Ensure Instance = new();
    }

    private sealed class Ensured : INoSerializationVerificationNeeded
    {
        public static readonly Ensured Instance = new();
    }
}
