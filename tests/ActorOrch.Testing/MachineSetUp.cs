using ActorOrch.Agent.Engine;

namespace ActorOrch.Testing;

/// <summary>
/// The machine that tests of real containers and real networks need: the packages, and an engine that answers. The first test process
/// that asks does what is missing; the others wait for it.
/// </summary>
public static class MachineSetUp
{
    private static readonly Lazy<Task> Done = new(RunAsync);

    /// <summary>Throws <see cref="EngineSetUpException"/> that says what is to be done where it cannot be done here.</summary>
    public static Task EnsureAsync() => Done.Value;

    private static async Task RunAsync()
    {
        await using var turn = await TakeTurnAsync();
        var log = Path.Combine(Path.GetTempPath(), "actororch-tests-dockerd.log");
        await new EngineInstaller(Console.WriteLine, TimeProvider.System).EnsureAsync(log, CancellationToken.None);
    }

    /// <summary>Of the test processes that want to change the machine: the others wait until the result is disposed.</summary>
    internal static async Task<FileStream> TakeTurnAsync()
    {
        var path = Path.Combine(Path.GetTempPath(), "actororch-tests.lock");
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                // Another test process is at it.
                await pause.WaitForNextTickAsync();
            }
        }
    }
}
