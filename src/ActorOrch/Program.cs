using ActorOrch.Commands;
using ActorOrch.Hosting;

ProcessSettings.Apply();
return await CommandLine.RunAsync(args);
