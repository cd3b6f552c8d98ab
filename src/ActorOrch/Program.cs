using ActorOrch.Commands;
using ActorOrch.Hosting;

ProcessSettings.Apply();
try
{
    ProcessLimits.Require();
}
catch (StartupException e)
{
    await Console.Error.WriteLineAsync($"actororch: {e.Message}");
    return 1;
}
return await CommandLine.RunAsync(args);
