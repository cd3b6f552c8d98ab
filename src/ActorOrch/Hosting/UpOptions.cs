namespace ActorOrch.Hosting;

/// <summary>The values of <c>--runtime</c>.</summary>
internal static class RuntimeNames
{
    public const string Docker = "docker";
    public const string Simulated = "simulated";
}

/// <summary>What the command line asks of <see cref="Orchestrator"/>.</summary>
internal sealed record UpOptions
{
    public required DirectoryInfo DataDirectory { get; init; }
    public required int ApiPort { get; init; }
    public required string Runtime { get; init; }
    public int Nodes { get; init; } = 1;
    public FileInfo? ConfigFile { get; init; }
}

/// <summary>It cannot start, for a reason that the user can do something about; the message says what.</summary>
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
