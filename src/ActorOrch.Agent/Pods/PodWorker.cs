using ActorOrch.Agent.Pods.Containers;
using ActorOrch.Agent.Pods.Isolation;
using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Agent.Pods.Statuses;
using ActorOrch.Agent.Pods.Storage;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Resources.Timing;
using Akka.Actor;
using Akka.Event;
using k8s;
using k8s.Models;

namespace ActorOrch.Agent.Pods;

/// <summary>
/// One pod on this machine. Keeps the pod's <see cref="PodSituation"/>, asks <see cref="PodPlan"/> what to do whenever something has changed,
/// does it, and reports the status that follows.
/// </summary>
internal sealed partial class PodWorker : ReceiveActor, IWithTimers
{
    private const string WakeTimer = "wake";
    private static readonly TimeSpan EngineRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestEngineRetry = TimeSpan.FromSeconds(30);

    private readonly PodEnvironment _environment;
    private readonly ContainerStarter _starter;
    private readonly ContainerStopper _stopper;
    private readonly SourcesWait _sources;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _starting;
    private readonly Dictionary<string, (RestartBackOff? BackOff, DateTimeOffset At)> _imageBackOffs = [];
    private readonly Dictionary<string, ContainerEvent> _unclaimed = [];
    private readonly HashSet<string> _outOfMemory = [];
    private readonly HashSet<string> _removed = [];

    private V1Pod _pod;
    private PodContext _context;
    private PodSituation _situation;
    private V1PodStatus? _status;
    private byte[] _reported = [];
    private IReadOnlyDictionary<string, string>? _volumes;
    private bool _refreshing;
    private bool _refreshAgain;
    private bool _cleanedUp;

    /// <summary>How often in a row an operation failed as nobody foresaw.</summary>
    private int _unexpected;

    /// <summary>How often in a row the engine did not answer.</summary>
    private int _engineFailures;

    /// <summary>A start was given up when the pod was deleted: the engine may hold containers whose ids were never told.</summary>
    private bool _startGivenUp;

    /// <param name="found">What of the pod is on the machine.</param>
    /// <param name="refusal">Why it does not fit the node; null where it does.</param>
    public PodWorker(PodEnvironment environment, V1Pod pod, IReadOnlyList<string> podAddresses, IReadOnlyList<ContainerState> found, Rejection? refusal = null)
    {
        _environment = environment;
        _starter = new(environment);
        _stopper = new(environment);
        _sources = new(environment.Registry, environment.Time);
        _starting = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        _pod = pod;
        _storageLimits = StorageLimits.Of(pod.Spec);
        _storageMeter = new(environment.Runtime, environment.Volumes);
        _context = new(pod, podAddresses, environment.Options.HostAddresses, environment.AllocatableCpu, environment.AllocatableMemory, environment.AllocatableStorage);
        _status = pod.Status;
        (_situation, var surplus) = Adoption.Situation(pod, found);
        foreach (var id in surplus) RemoveInBackground(id);
        Admit(found, refusal);

        Receive<PodMessages.Updated>(m => OnUpdated(m.Pod));
        Receive<PodMessages.Gone>(_ => OnGone());
        Receive<PodMessages.Engine>(m => OnEngine(m.Event));
        Receive<PodMessages.Resync>(m => OnResync(m.Containers));
        Receive<PodMessages.SourcesChanged>(_ => OnSourcesChanged());
        Receive<PodMessages.VolumesPrepared>(OnVolumes);
        Receive<PodMessages.VolumesRefreshed>(m => OnVolumesRefreshed(m.Failure));
        Receive<PodMessages.SandboxStarted>(OnSandboxStarted);
        Receive<PodMessages.SandboxRemoved>(m => OnSandboxRemoved(m.Id));
        Receive<PodMessages.Started>(OnStarted);
        Receive<PodMessages.Stopped>(OnStopped);
        Receive<PodMessages.Ended>(m => OnEnded(m.Name, m.Id, m.End));
        Receive<PodMessages.Probed>(m => OnProbed(m.Outcome));
        Receive<PodMessages.OperationFailed>(OnOperationFailed);
        Receive<PodMessages.MeasureStorage>(_ => OnMeasureStorage());
        Receive<PodMessages.StorageMeasured>(OnStorageMeasured);
        Receive<PodMessages.CleanedUp>(_ => OnCleanedUp());
        Receive<PodMessages.Wake>(_ => Evaluate());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private DateTimeOffset Now => _environment.Time.GetUtcNow();

    public static string NameOf(V1Pod pod) => $"pod-{pod.Metadata.NamespaceProperty}-{pod.Metadata.Name}-{pod.Metadata.Uid}";

    protected override void PreStart()
    {
        if (_pod.Spec.Volumes is not { Count: > 0 })
        {
            _volumes = new Dictionary<string, string>();
            _situation = _situation with { Volumes = VolumesSituation.Ready };
        }
        foreach (var container in _situation.Containers) if (container.Running) StartProbes(container);
        MeasureStorageLater(_environment.Options.StorageCheckInterval);
        Evaluate();
    }

    protected override void PostStop()
    {
        foreach (var probes in _probes.Values) foreach (var probe in probes) probe.Dispose();
        _stop.Cancel();
        _starting.Dispose();
        _stop.Dispose();
    }

    /// <summary>Decides, acts, and reports where that changed anything that can be seen.</summary>
    private void Evaluate()
    {
        if (_cleanedUp) return;
        if (_situation.Going && !_starting.IsCancellationRequested) _starting.Cancel();
        if (PodPlan.Overdue(_situation, Now) is { } overdue) Fail(overdue, "Normal", killBy: null);
        PodDecision decision;
        do
        {
            decision = PodPlan.Decide(_situation, Now);
            foreach (var action in decision.Actions)
            {
                if (_log.IsDebugEnabled) _log.Debug("{0}: {1}", action.GetType().Name, action.Why);
                Do(action);
            }
        }
        while (decision.Actions.Any(a => a is PodAction.ForgetRun));
        if (decision.WakeAt is { } at) Timers.StartSingleTimer(WakeTimer, new PodMessages.Wake(), Positive(at - Now));
        else Timers.Cancel(WakeTimer);
        Report(terminated: false);
    }

    private void Report(bool terminated)
    {
        _status = PodStatusWriter.Write(_pod, _situation, _status, ShownAddresses(), _environment.Options.HostAddresses, Now);
        if (_situation.Deadline is null && _pod.Spec.ActiveDeadlineSeconds is { } seconds && _status.StartTime is { } start)
            _situation = _situation with { Deadline = new DateTimeOffset(start).After(seconds) };
        var json = System.Text.Encoding.UTF8.GetBytes(KubernetesJson.Serialize(_status));
        if (!terminated && json.AsSpan().SequenceEqual(_reported)) return;
        _reported = json;
        Context.Parent.Tell(new PodReported(_pod.Metadata.NamespaceProperty, _pod.Metadata.Name, _pod.Metadata.Uid, json, terminated, PodPhases.IsLast(_status.Phase)));
    }

    /// <summary>A pod shows its addresses once something holds them.</summary>
    private IReadOnlyList<string> ShownAddresses()
    {
        if (_pod.Spec.HostNetwork == true) return _context.PodAddresses;
        if (_status?.PodIPs is { Count: > 0 }) return _context.PodAddresses;
        return _situation.Sandbox is { Running: true } || _situation.Containers.Any(c => c.Current is not null) ? _context.PodAddresses : [];
    }

    private static TimeSpan Positive(TimeSpan wait) => wait > TimeSpan.FromMilliseconds(1) ? wait : TimeSpan.FromMilliseconds(1);

    private V1Container SpecOf(string container)
    {
        foreach (var main in _pod.Spec.Containers) if (main.Name == container) return main;
        return _pod.Spec.InitContainers.First(c => c.Name == container);
    }

    private void Event(string? container, string type, string reason, string message) => _environment.Events.Record(_pod, container, type, reason, message);

    private string PathOf(ContainerSituation container) => ContainerStarter.FieldPath(container.Name, container.Kind);
}
