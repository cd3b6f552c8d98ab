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
    public const string DataLost = "data of this cluster is lost or was mixed up with another's, and containers that run now would be removed";

    /// <summary>A file is not what was written. Where others depend on it, a new one in its place would do harm that this one does not.</summary>
    public static StartupException Damaged(DamagedFileException damaged, string directory, FileInfo? configFile = null)
    {
        var what = damaged.Message.TrimEnd('.');
        if (DataFiles.Removable(damaged.Path) is { } removable) return new($"{what}. Move {removable} away: a start makes another, and what rests on the one that was there is void then.", damaged);
        var about = DataFiles.IsKnowledge(damaged.Path)
            ? $"It says what the store's files were when they were written last, and nothing else is kept in it.\nIf nothing happened to them, move {damaged.Path} away: they are checked again from the next start on. Else:"
            : "It is not made anew, because running pods and credentials depend on what it held.";
        return new($"{what}. {about}\n{WhatToDo(directory, configFile)}", damaged);
    }

    /// <summary>About what is lost or damaged, as lines for the shell.</summary>
    public static string WhatToDo(string directory, FileInfo? configFile = null)
    {
        var config = configFile is null ? "" : $" --config {Quoted(configFile.FullName)}";
        return $"""
            Put it back where it is still to be had, or restore the last backup in its place:
              mv {Quoted(directory)} {Quoted(directory + ".lost")} && actororch restore FILE --data-dir {Quoted(directory)}{config}
            or give the cluster up, and remove all that it left on this machine:
              actororch reset --data-dir {Quoted(directory)}{config} --yes
            """;
    }

    private static string Quoted(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-') ? path : $"'{path.Replace("'", "'\\''")}'";
}
