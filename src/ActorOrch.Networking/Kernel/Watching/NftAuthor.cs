namespace ActorOrch.Networking.Kernel.Watching;

/// <summary>Who has changed rules, as the kernel tells it behind each change.</summary>
/// <param name="Port">Of the socket that it came over: mostly the id of its process, as its own namespace has it.</param>
/// <param name="ProcessId">As the kernel counts, which in a container is not as the processes there do.</param>
/// <param name="Name">Of the thread.</param>
public readonly record struct NftAuthor(uint Port, uint ProcessId, string Name)
{
    public override string ToString() => $"{(Name.Length > 0 ? Name : "another program")} (pid {ProcessId})";
}
