using ActorOrch.Registry.Files;

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
internal sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A file that others depend on is not what was written: a new one in its place would do harm that this one does not.</summary>
    public static StartupException Damaged(DamagedFileException damaged) => new(
        $"{damaged.Message}. It is not made anew, because running pods and credentials depend on what it held.\n{WhatToDo}", damaged);

    public const string DataLost = "data of this cluster is lost or was mixed up with another's, and containers that run now would be removed";

    public const string WhatToDo =
        "Put it back from a backup (actororch restore FILE --data-dir DIR), or give the cluster up: actororch reset --data-dir DIR removes what it left on this machine.";
}
