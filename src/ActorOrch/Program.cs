using System.CommandLine;
using ActorOrch.Commands;

var root = new RootCommand("ActorOrch: a container orchestrator that speaks the Kubernetes API.");
root.Subcommands.Add(UpCommand.Create());
root.Subcommands.Add(QuickstartCommand.Create());
return await root.Parse(args).InvokeAsync();
