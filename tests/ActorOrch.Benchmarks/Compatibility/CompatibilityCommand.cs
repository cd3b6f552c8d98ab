using System.Diagnostics;
using System.Globalization;
using ActorOrch.Testing.Conformance;

namespace ActorOrch.Benchmarks.Compatibility;

/// <summary>
/// <c>Compatibility</c> writes the README's table from the results that are kept; <c>Compatibility check [DIR]</c> fails where it is another, or
/// where a run of the tests, whose <c>.trx</c> files are below DIR, does not show what is said to be shown; <c>Compatibility import DIR
/// [--suite NAME] [--commit C] [--date D] [--failed NAME]...</c> puts the results of a run into those that are kept, and refuses what had
/// passed and failed, unless it is named.
/// </summary>
internal static class CompatibilityCommand
{
    private const string Usage = "Compatibility | Compatibility check [DIR] | Compatibility import DIR [--suite NAME] [--commit C] [--date YYYY-MM-DD] [--failed NAME]...";

    /// <returns>The process's exit code: 0 when all is as it was said, 1 when it is not, 2 for arguments that cannot be.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var results = new KeptResults(KeptResults.Repository());
            return args switch
            {
                [] => Write(results),
                ["check"] => Check(results, null),
                ["check", var directory] => Check(results, directory),
                ["import", var directory, .. var options] => await ImportAsync(results, directory, options),
                _ => throw new ArgumentException($"usage: {Usage}"),
            };
        }
        catch (Exception e) when (e is InvalidDataException or RegressionException or IOException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (ArgumentException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 2;
        }
    }

    private static int Write(KeptResults results)
    {
        results.WriteReadme();
        Console.WriteLine("README.md has the table as the results make it.");
        return 0;
    }

    private static int Check(KeptResults results, string? directory)
    {
        var (kept, made) = results.Readme();
        var problems = new List<string>();
        if (kept != made) problems.Add("README.md's table is not what the results make: run Compatibility");
        if (directory is not null) problems.AddRange(results.LostIn(TestRun.Read(directory, "")));
        foreach (var problem in problems) Console.Error.WriteLine(problem);
        return problems.Count == 0 ? 0 : 1;
    }

    private static async Task<int> ImportAsync(KeptResults results, string directory, string[] options)
    {
        var (suite, date) = ("e2e 1.20", DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime));
        string? commit = null;
        var failed = new HashSet<string>();
        for (var i = 0; i < options.Length; i += 2)
        {
            var value = i + 1 < options.Length ? options[i + 1] : throw new ArgumentException($"{options[i]} needs a value; usage: {Usage}");
            switch (options[i])
            {
                case "--suite": suite = value; break;
                case "--commit": commit = value; break;
                case "--failed": failed.Add(value); break;
                case "--date":
                    if (!DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date)) throw new ArgumentException($"--date \"{value}\" is no date (YYYY-MM-DD)");
                    break;
                default: throw new ArgumentException($"there is no option \"{options[i]}\"; usage: {Usage}");
            }
        }
        var run = TestRun.Read(directory, suite);
        var import = new ResultsImport(run, date, commit ?? await HeadAsync(), failed);
        foreach (var name in import.Unknown(results.Behaviours).Where(n => n.StartsWith(suite + ": ", StringComparison.Ordinal))) Console.WriteLine($"no line names it: {name}");
        results.Import(import);
        results.WriteReadme();
        Console.WriteLine($"{run.Values.Count(v => v)} passed and {run.Values.Count(v => !v)} failed tests are in the results now, and README.md has their table.");
        return 0;
    }

    private static async Task<string> HeadAsync()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", KeptResults.Repository(), "rev-parse", "--short", "HEAD"]) { RedirectStandardOutput = true })!;
        var head = (await git.StandardOutput.ReadToEndAsync()).Trim();
        await git.WaitForExitAsync();
        return git.ExitCode == 0 ? head : throw new InvalidDataException("git does not say what the commit is: give --commit");
    }
}
