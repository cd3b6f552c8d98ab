using ActorOrch.Networking.Kernel.Watching;
using Akka.Actor;
using Akka.Event;

namespace ActorOrch.Networking.Kernel;

public sealed partial class ServiceProgrammer
{
    private readonly IKernelWatch _watch;
    private readonly INetworkEvents _events;
    private readonly Contention _rulesContention;
    private readonly Contention _machineContention;

    // Another has changed the tables since they were last written.
    private bool _touched;
    private bool _mending;
    private bool _mendAgain;
    private TimeSpan _mendPause;

    private bool OnWatched(object message)
    {
        switch (message)
        {
            case RulesTouched touched:
                OnTouched(touched.By);
                return true;
            case MachineTouched:
                OnMachineTouched();
                return true;
            case Mend:
                _network.RestoreAsync(_stopping.Token).PipeTo(Self, success: what => new Mended(what), failure: cause => new MendFailed(cause));
                return true;
            case Mended mended:
                OnMended(mended.What);
                return true;
            case MendFailed failed:
                _log.Warning("The machine's network could not be put right: {0}", failed.Cause.Message);
                OnMended([]);
                return true;
            case Deaf deaf:
                _log.Warning("What other programs change of this machine's network is not noticed: {0}", deaf.Why);
                return true;
            default:
                return false;
        }
    }

    // What comes until then is undone with it.
    private void OnTouched(string by)
    {
        if (_touched || !IsLoaded) return;
        _touched = true;
        var wait = _rulesContention.Next();
        _log.Warning("The nftables tables '{0}' were changed by {1}: services are programmed again{2}", _settings.TableName, by, wait > TimeSpan.Zero ? $" in {wait.TotalSeconds:0.#} s" : "");
        _events.Record("ServiceRulesChanged", $"the nftables tables \"{_settings.TableName}\" were changed by another program: services are programmed again");
        if (wait > TimeSpan.Zero) Timers.StartSingleTimer(Program.Instance, Program.Instance, wait);
    }

    private void OnMachineTouched()
    {
        _mendAgain |= _mending;
        if (_mending) return;
        _mending = true;
        if (_mendPause > TimeSpan.Zero) Timers.StartSingleTimer(Mend.Instance, Mend.Instance, _mendPause);
        else Self.Tell(Mend.Instance);
    }

    private void OnMended(IReadOnlyList<string> what)
    {
        _mending = false;
        foreach (var loss in what)
        {
            _log.Warning("The machine's network was changed by another program and is put right: {0}", loss);
            _events.Record("NetworkChanged", $"the machine's network was changed by another program and is put right: {loss}");
        }
        _mendPause = what.Count > 0 ? _machineContention.Next() : TimeSpan.Zero;
        if (!_mendAgain) return;
        _mendAgain = false;
        OnMachineTouched();
    }
}
