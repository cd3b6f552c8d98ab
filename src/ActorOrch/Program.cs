using System.CommandLine;
using System.Runtime;
using ActorOrch.Commands;

// The pool does not search for more threads by itself: some may wait for a disk while others answer.
ThreadPool.GetMinThreads(out _, out var completionThreads);
ThreadPool.SetMinThreads(2 * Environment.ProcessorCount, completionThreads);
// A full collection that compacts would stop all requests of a large cluster for a third of a second.
GCSettings.LatencyMode = GCLatencyMode.SustainedLowLatency;
var root = new RootCommand("ActorOrch: a container orchestrator that speaks the Kubernetes API.");
root.Subcommands.Add(UpCommand.Create());
root.Subcommands.Add(QuickstartCommand.Create());
// Told to end, a process hands over its collections and leaves the cluster: on a busy machine that takes more than the default of 2 s.
return await root.Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
