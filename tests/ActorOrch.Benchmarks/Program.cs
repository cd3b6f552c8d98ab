using ActorOrch.Benchmarks;
using ActorOrch.Hosting;

ProcessSettings.Apply();
return await Scenarios.RunAsync(args);
