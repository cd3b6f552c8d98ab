using System.Text;
using ActorOrch.Networking.Kernel.Watching;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Following;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using ActorOrch.Resources.Timing;
using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Networking.Kernel;

/// <summary>
/// Keeps the machine's rules in step with services and endpoint slices. Changes that come while the kernel is busy are folded into its next
/// script. The rules stay when the process ends, so that traffic flows while the control plane is down; the next start takes them over in one step.
/// What another program changes of them is put right as it happens.
/// </summary>
public sealed partial class ServiceProgrammer : UntypedActor, IWithTimers
{
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private readonly IRegistry _registry;
    private readonly NetworkSettings _settings;
    private readonly string _nodeName;
    private readonly INftables _nftables;
    private readonly INodeNetwork _network;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ServiceMirror _mirror = new();
    private readonly LiveTargets _live;
    private readonly IReadOnlyList<ServiceTable> _tables;
    private readonly List<Follower> _followers = [];

    // What the script in flight (or failed) takes away: it counts until the kernel has agreed.
    private readonly List<ServiceRules> _leaving = [];
    private bool _hasServices;
    private bool _hasSlices;
    private bool _replace = true;
    private bool _scheduled;
    private bool _busy;
    private bool _unavailable;
    private int _failures;

    /// <param name="watch">One for each life of the actor, with which it ends.</param>
    /// <param name="events">Told what others have changed, for those who look at the node.</param>
    public ServiceProgrammer(
        IRegistry registry, NetworkSettings settings, string nodeName, INftables nftables, INodeNetwork network, Func<IKernelWatch> watch, INetworkEvents events, TimeProvider time)
    {
        _registry = registry;
        _settings = settings;
        _nodeName = nodeName;
        _nftables = nftables;
        _network = network;
        _watch = watch();
        _events = events;
        (_rulesContention, _machineContention) = (new(time), new(time));
        _live = new(time, settings.DrainLinger);
        _tables = [.. NftFamily.Both.Where(family => settings.ServiceCidrs.Any(family.Has)).Select(family => new ServiceTable(family, settings))];
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsLoaded => _hasServices && _hasSlices;

    protected override void PreStart()
    {
        // Before anything is programmed: what is undone at once is seen, too.
        _watch.Start(new KernelListener(Self));
        _followers.Add(Follower.Start(_registry[BuiltIn.Services], Self, new(SetServices, _mirror.ApplyServices)));
        _followers.Add(Follower.Start(_registry[BuiltIn.EndpointSlices], Self, new(SetSlices, _mirror.ApplySlices)));
    }

    protected override void PostStop()
    {
        _watch.Dispose();
        foreach (var follower in _followers) follower.Dispose();
        _stopping.Cancel();
        _stopping.Dispose();
        _live.ReleaseAll();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case FollowerNews news:
                news.Take();
                break;
            case AwaitUnreachable asked:
                if (_unavailable) asked.Done.TrySetResult(false);
                else _live.Wait(asked.Addresses, asked.Done);
                break;
            case GiveUp given:
                _live.Forget(given.Done);
                break;
            case Program:
                _scheduled = false;
                if (!_busy) WriteRules();
                break;
            case Programmed:
                OnProgrammed();
                break;
            case ProgramFailed failed:
                OnFailed(failed.Cause);
                break;
            default:
                if (OnWatched(message)) break;
                Unhandled(message);
                return;
        }
        Schedule();
    }

    private void SetServices(Snapshot all)
    {
        _mirror.SetServices(all);
        _hasServices = true;
    }

    private void SetSlices(Snapshot all)
    {
        _mirror.SetSlices(all);
        _hasSlices = true;
    }

    // Behind what is in the mailbox already, so that a burst becomes one script.
    private void Schedule()
    {
        if (!IsLoaded || _busy || _scheduled || Timers.IsTimerActive(Program.Instance) || (!_replace && !_touched && !_mirror.IsDirty)) return;
        _scheduled = true;
        Self.Tell(Program.Instance);
    }

    private void WriteRules()
    {
        // All that has been told of until now is undone by what follows.
        _replace |= _touched;
        _touched = false;
        var script = new StringBuilder();
        var udp = new UdpChanges();
        var dirty = _mirror.TakeDirty();
        foreach (var table in _tables)
        {
            var changed = new Dictionary<ObjectKey, ServiceRules>(dirty.Count);
            foreach (var key in dirty)
            {
                var old = table.RulesOf(key);
                var rules = _mirror.Find(key) is { } service
                    ? ServicePlan.Build(table.Family, service, _mirror.SlicesOf(key), _nodeName, _settings)
                    : ServiceRules.None;
                changed[key] = rules;
                _live.Add(rules.LiveTargets);
                _leaving.Add(old);
                udp.Collect(old, rules);
            }
            table.Apply(script, changed);
        }
        if (_replace)
        {
            script.Clear();
            var filtered = _network.BridgeFiltered;
            foreach (var table in _tables) table.AppendAll(script, filtered);
        }
        _busy = true;
        WriteAsync(script.ToString(), _replace, udp, _stopping.Token)
            .PipeTo(Self, success: () => Programmed.Instance, failure: cause => new ProgramFailed(cause));
    }

    private async Task WriteAsync(string script, bool replace, UdpChanges udp, CancellationToken cancel)
    {
        if (script.Length == 0) return;
        if (replace) await _network.PrepareAsync(cancel);
        await _nftables.ApplyAsync(script, cancel);
        foreach (var target in udp.Gone) _network.ForgetUdpTarget(target);
        foreach (var front in udp.Opened) _network.ForgetUdpFront(front);
        if (replace || script.Contains(BaseRules.Hairpin, StringComparison.Ordinal)) _network.PreparePodBridge();
    }

    private void OnProgrammed()
    {
        if (_replace) _log.Info("Services are programmed in the nftables tables '{0}'", _settings.TableName);
        _busy = _replace = _unavailable = false;
        _failures = 0;
        foreach (var rules in _leaving) _live.Release(rules.LiveTargets);
        _leaving.Clear();
    }

    // Whatever the kernel holds now, replacing all of it is right.
    private void OnFailed(Exception cause)
    {
        _busy = false;
        _replace = true;
        _failures++;
        if (cause is NftablesException { Unavailable: true })
        {
            if (!_unavailable) _log.Error("nftables cannot be used: {0}; {1}", cause.Message, Nftables.Remedy);
            _unavailable = true;
            _live.ReleaseAll();
        }
        else _log.Warning("The kernel refused the services' rules, replacing them all: {0}", cause.Message);
        var wait = _unavailable ? LongestRetry : Durations.Shorter(LongestRetry, Durations.OfSeconds(0.05 * Math.Pow(2, _failures)));
        Timers.StartSingleTimer(Program.Instance, Program.Instance, wait);
    }

    private sealed class UdpChanges
    {
        public HashSet<UdpTarget> Gone { get; } = [];
        public HashSet<UdpTarget> Opened { get; } = [];

        public void Collect(ServiceRules old, ServiceRules rules)
        {
            foreach (var target in old.UdpTargets)
                if (!rules.UdpTargets.Contains(target)) Gone.Add(target);
            foreach (var front in rules.UdpFronts)
                if (!old.UdpFronts.Contains(front)) Opened.Add(front);
        }
    }
}
