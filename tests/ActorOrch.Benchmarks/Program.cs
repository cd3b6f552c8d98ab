using ActorOrch.Benchmarks;

return await Scenarios.RunAsync(args);
