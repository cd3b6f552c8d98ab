using System.Runtime.CompilerServices;

namespace ActorOrch.Testing.Conformance;

/// <summary>The results that the repository keeps, and what is made of them.</summary>
public sealed class KeptResults
{
    private const string Folder = "tests/ActorOrch.EndToEnd/Conformance";
    private readonly string _top;

    /// <param name="top">The repository's top folder.</param>
    public KeptResults(string top)
    {
        _top = top;
        Behaviours = Read("behaviours.tsv");
        Features = Read("features.tsv");
    }

    /// <summary>Kubernetes' conformance suite.</summary>
    public IReadOnlyList<Behaviour> Behaviours { get; private set; }

    /// <summary>What the README says of itself.</summary>
    public IReadOnlyList<Behaviour> Features { get; private set; }

    public IEnumerable<Behaviour> All => Behaviours.Concat(Features);

    /// <summary>The README as it is, and as the results make it.</summary>
    public (string Kept, string Made) Readme()
    {
        var kept = File.ReadAllText(ReadmePath);
        return (kept, new GeneratedPart("dotnet run --project tests/ActorOrch.Benchmarks -- Compatibility").Replace(kept, CompatibilityTable.Make(Behaviours, Features)));
    }

    public void WriteReadme() => File.WriteAllText(ReadmePath, Readme().Made);

    /// <summary>Puts the results of a run into both files.</summary>
    /// <exception cref="RegressionException">See <see cref="ResultsImport.Apply"/>; nothing has been written then.</exception>
    public void Import(ResultsImport import)
    {
        // As one, so that what may fail is looked for in both.
        var all = import.Apply([.. All]);
        (Behaviours, Features) = ([.. all.Take(Behaviours.Count)], [.. all.Skip(Behaviours.Count)]);
        File.WriteAllText(PathOf("behaviours.tsv"), ResultsFile.Format(Behaviours));
        File.WriteAllText(PathOf("features.tsv"), ResultsFile.Format(Features));
    }

    /// <summary>What a run of the repository's own tests does not show, though it did once; one a line.</summary>
    public IEnumerable<string> LostIn(IReadOnlyDictionary<string, bool> run) =>
        from behaviour in All
        where behaviour.Outcome == Outcome.Passed
        from test in behaviour.OwnTests
        where !run.GetValueOrDefault(test)
        select $"{behaviour.Name}: {test} {(run.ContainsKey(test) ? "did not pass" : "did not run")}";

    /// <summary>The folder in which the sources that this was built from are.</summary>
    public static string Repository([CallerFilePath] string here = "") => here[..here.LastIndexOf("/tests/", StringComparison.Ordinal)];

    private string ReadmePath => Path.Combine(_top, "README.md");

    private string PathOf(string name) => Path.Combine(_top, Folder, name);

    private IReadOnlyList<Behaviour> Read(string name)
    {
        try
        {
            return ResultsFile.Parse(File.ReadAllText(PathOf(name)));
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{Folder}/{name}: {e.Message}", e);
        }
    }
}
