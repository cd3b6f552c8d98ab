using ActorOrch.Networking.Kernel.Watching;
using Akka.Actor;

namespace ActorOrch.Networking.Kernel;

/// <summary>What a <see cref="ServiceProgrammer"/> is told; all of it stays in the process.</summary>
internal interface IProgrammerMessage : INoSerializationVerificationNeeded;

internal sealed record Program : IProgrammerMessage
{
    public static readonly Program Instance = new();
}

internal sealed record Programmed : IProgrammerMessage
{
    public static readonly Programmed Instance = new();
}

internal sealed record ProgramFailed(Exception Cause) : IProgrammerMessage;

/// <summary>Another program has changed our tables.</summary>
internal sealed record RulesTouched(string By) : IProgrammerMessage;

/// <summary>The machine may no longer be as it was prepared.</summary>
internal sealed record MachineTouched : IProgrammerMessage
{
    public static readonly MachineTouched Instance = new();
}

internal sealed record Mend : IProgrammerMessage
{
    public static readonly Mend Instance = new();
}

internal sealed record Mended(IReadOnlyList<string> What) : IProgrammerMessage;

internal sealed record MendFailed(Exception Cause) : IProgrammerMessage;

internal sealed record Deaf(string Why) : IProgrammerMessage;

/// <summary>Tell me when nothing leads to these addresses any more.</summary>
internal sealed record AwaitUnreachable(IReadOnlyList<string> Addresses, TaskCompletionSource<bool> Done) : IProgrammerMessage;

/// <summary>I no longer wait.</summary>
internal sealed record GiveUp(TaskCompletionSource<bool> Done) : IProgrammerMessage;

internal sealed class KernelListener(IActorRef programmer) : IKernelListener
{
    public void OnRulesChanged(string by) => programmer.Tell(new RulesTouched(by));

    public void OnMachineChanged() => programmer.Tell(MachineTouched.Instance);

    public void OnDeaf(string why) => programmer.Tell(new Deaf(why));
}
