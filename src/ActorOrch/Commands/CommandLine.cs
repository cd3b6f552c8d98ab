using System.CommandLine;
using System.CommandLine.Invocation;

namespace ActorOrch.Commands;

/// <summary>All commands of the executable, and what becomes of a line that is none of them.</summary>
internal static class CommandLine
{
    /// <summary>Told to end, a process hands over its collections and leaves the cluster: on a busy machine that takes more than the default of 2 s.</summary>
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(30);

    public static RootCommand Create() => new("ActorOrch: a container orchestrator that speaks the Kubernetes API.")
    {
        UpCommand.Create(),
        QuickstartCommand.Create(),
        DataCommands.CreateBackup(),
        DataCommands.CreateRestore(),
        ResetCommand.Create(),
        PkiCommand.Create(),
    };

    /// <summary>Runs a command; its exit code. What is wrong with the line is said, a line each, and where to read on.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var parsed = Create().Parse(arguments);
        if (parsed.Action is not ParseErrorAction || arguments.Length == 0) return await parsed.InvokeAsync(new() { ProcessTerminationTimeout = TimeToEnd });
        foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync($"actororch: {error.Message}");
        await Console.Error.WriteLineAsync($"'{PathOf(parsed.CommandResult.Command)} --help' says what there is.");
        return 1;
    }

    private static string PathOf(Command command) =>
        string.Join(' ', command.Parents.OfType<Command>().Where(c => c is not RootCommand).Select(c => c.Name).Prepend("actororch").Concat(command is RootCommand ? [] : [command.Name]));
}
