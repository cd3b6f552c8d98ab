using System.Globalization;
using ActorOrch.Resources.Timing;

namespace ActorOrch.Agent.Runtimes.Simulated;

/// <summary>How a simulated container behaves: a pod's annotations with <see cref="Prefix"/>, times in seconds.</summary>
/// <param name="StartDelay">From the start call until the process runs.</param>
/// <param name="ExitAfter">How long it runs; null: until it is stopped.</param>
/// <param name="StopDelay">From TERM to its end; longer than the grace period, it is killed.</param>
/// <param name="EchoPort">A server listens there that sends back what it gets.</param>
/// <param name="WrittenBytes">What it has on its own file system.</param>
/// <param name="Log">What it writes when it starts; null: that it has started.</param>
public sealed record SimulatedBehaviour(
    TimeSpan StartDelay, TimeSpan? ExitAfter, int ExitCode, TimeSpan StopDelay, string? StartError, int? EchoPort = null, long WrittenBytes = 0, string? Log = null)
{
    public const string Prefix = "simulated.actororch.io/";

    public static readonly SimulatedBehaviour Default = new(TimeSpan.Zero, null, 0, TimeSpan.Zero, null);

    public static SimulatedBehaviour Of(IEnumerable<KeyValuePair<string, string>>? annotations)
    {
        var behaviour = Default;
        foreach (var (key, value) in annotations ?? [])
        {
            if (!key.StartsWith(Prefix, StringComparison.Ordinal)) continue;
            behaviour = key[Prefix.Length..] switch
            {
                "start-delay" => behaviour with { StartDelay = Seconds(value) },
                "exit-after" => behaviour with { ExitAfter = Seconds(value) },
                "exit-code" => behaviour with { ExitCode = int.Parse(value, CultureInfo.InvariantCulture) },
                "stop-delay" => behaviour with { StopDelay = Seconds(value) },
                "echo-port" => behaviour with { EchoPort = int.Parse(value, CultureInfo.InvariantCulture) },
                "written-bytes" => behaviour with { WrittenBytes = long.Parse(value, CultureInfo.InvariantCulture) },
                "log" => behaviour with { Log = value },
                "start-error" => behaviour with { StartError = value },
                _ => behaviour,
            };
        }
        return behaviour;
    }

    private static TimeSpan Seconds(string text) => Durations.OfSeconds(double.Parse(text, CultureInfo.InvariantCulture));
}
