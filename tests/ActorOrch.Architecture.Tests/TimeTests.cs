using Mono.Cecil.Cil;

namespace ActorOrch.Architecture.Tests;

/// <summary>
/// Any duration may come from a user: timers, waits and sums of times are made in one place, which holds for all of them
/// (<c>ActorOrch.Resources/Timing</c>, <c>ActorOrch.Registry/Timing</c>).
/// </summary>
public sealed class TimeTests
{
    private static readonly Dictionary<string, string> MayUseTimers = new()
    {
        ["DeadlineTimer"] = "the one place",
        ["TimerScheduler"] = "the actors' scheduler: waits in steps and guards what it runs, itself",
        ["ObserverCrowd"] = "waits a constant 30 ms at most, on the path of every commit; its observers are guarded one by one",
    };

    private static readonly Dictionary<string, string> MayAdd = new()
    {
        ["DeadlineTimer"] = "its own clock and a bounded wait",
        ["TimerScheduler"] = "its own clock and the intervals of the actors' system",
        ["CertificateAuthority"] = "constants of ours, a year at most",
        ["ClusterPki"] = "constants of ours, a year at most",
        ["Durations"] = "the one place",
    };

    [Fact]
    public void Timers_and_waits_are_made_in_one_place() =>
        Code.Calls.Where(IsTimer).Outside(MayUseTimers).AssertNone();

    [Fact]
    public void Times_and_durations_are_added_in_one_place() =>
        Code.Calls.Where(IsSum).Outside(MayAdd).AssertNone();

    [Fact]
    public void What_may_is_still_there()
    {
        var used = Code.Calls.Where(c => IsTimer(c) || IsSum(c)).Select(c => c.Owner).ToHashSet();
        Assert.Empty(MayUseTimers.Keys.Union(MayAdd.Keys).Except(used));
    }

    private static bool IsTimer(Call call) => call.Target.DeclaringType.FullName switch
    {
        "System.Threading.Timer" or "System.Timers.Timer" or "System.Threading.PeriodicTimer" => call.Target.Name == ".ctor" || call.Target.Name == "Change",
        "System.Threading.ITimer" => call.Target.Name == "Change",
        "System.TimeProvider" => call.Target.Name == "CreateTimer",
        "System.Threading.CancellationTokenSource" =>
            call.Target.Name == "CancelAfter" || (call.Target.Name == ".ctor" && call.Target.Parameters.Count > 0),
        "System.Threading.Thread" => call.Target.Name == "Sleep",
        _ => call.Target.Name switch
        {
            "Delay" => call.Target.DeclaringType.FullName == "System.Threading.Tasks.Task",
            "WaitAsync" or "Wait" => call.Target.DeclaringType.Namespace.StartsWith("System.Threading", StringComparison.Ordinal)
                && call.Target.Parameters.Any(p => p.ParameterType.FullName is "System.TimeSpan" or "System.Int32"),
            _ => false,
        },
    };

    private static bool IsSum(Call call)
    {
        var type = call.Target.DeclaringType.FullName;
        if (type is not ("System.DateTime" or "System.DateTimeOffset" or "System.TimeSpan")) return false;
        if (call.Target.Name.StartsWith("Add", StringComparison.Ordinal)) return true;
        // The difference of two times always fits; a time less a duration does not.
        if (call.Target.Name is "op_Addition") return type != "System.TimeSpan" || !IsOfConstants(call);
        if (call.Target.Name is "op_Subtraction" or "Subtract") return call.Target.Parameters[^1].ParameterType.FullName == "System.TimeSpan" && type != "System.TimeSpan";
        // Of a constant, or of nothing.
        if (type == "System.TimeSpan" && call.Target.Name.StartsWith("From", StringComparison.Ordinal)) return !IsConstant(call.At.Previous);
        return false;
    }

    private static bool IsOfConstants(Call call) => IsConstant(call.At.Previous);

    private static bool IsConstant(Instruction? before)
    {
        while (before?.OpCode.Code is Mono.Cecil.Cil.Code.Conv_I8 or Mono.Cecil.Cil.Code.Conv_R8) before = before.Previous;
        return before?.OpCode.Name.StartsWith("ldc.", StringComparison.Ordinal) == true;
    }
}
