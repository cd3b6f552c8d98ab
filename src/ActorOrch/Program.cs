using System.CommandLine;
using ActorOrch.Commands;
using ActorOrch.Hosting;

ProcessSettings.Apply();
var root = new RootCommand("ActorOrch: a container orchestrator that speaks the Kubernetes API.");
root.Subcommands.Add(UpCommand.Create());
root.Subcommands.Add(QuickstartCommand.Create());
root.Subcommands.Add(DataCommands.CreateBackup());
root.Subcommands.Add(DataCommands.CreateRestore());
root.Subcommands.Add(ResetCommand.Create());
root.Subcommands.Add(PkiCommand.Create());
// Told to end, a process hands over its collections and leaves the cluster: on a busy machine that takes more than the default of 2 s.
return await root.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
