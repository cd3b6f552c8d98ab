using ActorOrch.Benchmarks.Harness;
using ActorOrch.Testing;
using ActorOrch.Testing.Crashes;

namespace ActorOrch.Benchmarks.Crashes;

/// <summary>
/// <c>CrashTest [rounds] [seed] [sqlite|postgresql]</c>: kills the executable so many times (200) while clients write, watch and fight over
/// a register, and checks after each restart that every promise was kept. Throws where one was not. Needs neither root nor containers.
/// </summary>
internal static class CrashTest
{
    private const int DefaultRounds = 200;

    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0]) : DefaultRounds;
        var seed = args.Length > 1 ? int.Parse(args[1]) : Environment.TickCount;
        await using var postgres = args.Length > 2 && args[2] == "postgresql" ? await PostgreSqlServer.StartNewAsync() : null;
        Console.WriteLine($"{rounds} rounds with seed {seed} on {(postgres is null ? "SQLite" : "PostgreSQL")}");
        await using var run = new CrashRun(BenchOrchestrator.Executable, seed, postgres is null ? null : $"""
            actororch.store.provider = postgresql
            actororch.store.postgresql.connection-string = "{await postgres.CreateDatabaseAsync()}"
            """);
        var broken = await run.RunAsync(rounds, round =>
        {
            if (round % 10 == 0) Console.WriteLine($"round {round}: {run.Figures.Acknowledged:N0} acknowledged, {run.Figures.Unknown:N0} without an answer");
        });
        Print(run);
        if (broken.Count > 0) throw new InvalidOperationException($"{broken.Count} promises were broken:\n{string.Join('\n', broken)}");
    }

    private static void Print(CrashRun run)
    {
        var figures = run.Figures;
        Console.WriteLine($"kills survived                            {figures.Rounds:N0}");
        Console.WriteLine($"writes acknowledged, all found            {figures.Acknowledged:N0}");
        Console.WriteLine($"writes refused, none found                {figures.Refused:N0}");
        Console.WriteLine($"writes without an answer                  {figures.Unknown:N0}, of which {figures.UnknownButDurable:N0} were durable, each once");
        Console.WriteLine($"changes in the history                    {figures.Changes:N0}");
        Console.WriteLine($"changes that watchers saw, the same       {figures.Watched:N0}");
        Console.WriteLine($"operations on the register, linearizable  {figures.RegisterOperations:N0}");
        Console.WriteLine($"from start to Ready                       {Figures.Seconds(figures.Starts)}");
        if (run.JournalBytes > 0) Console.WriteLine($"journal at the end                        {run.JournalBytes / 1048576.0:0.0} MiB");
    }
}
