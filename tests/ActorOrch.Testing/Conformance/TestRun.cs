using System.Xml.Linq;

namespace ActorOrch.Testing.Conformance;

/// <summary>The tests of one run: which passed, and which did not.</summary>
public static class TestRun
{
    /// <summary>
    /// Reads what a run has left in a directory: <c>passed.txt</c> and <c>failed.txt</c> of a suite (a name a line; what follows a tab is the
    /// failure's own words), or anywhere below it the <c>.trx</c> files of <c>dotnet test</c>.
    /// </summary>
    /// <param name="directory">Where the run has written.</param>
    /// <param name="suite">The name of the suite that <c>passed.txt</c> is of.</param>
    /// <returns>Whether each test passed, by its name; one with several cases has passed when all of them have.</returns>
    /// <exception cref="InvalidDataException">The directory holds no results, a file cannot be read, or a suite's test both passed and failed.</exception>
    public static IReadOnlyDictionary<string, bool> Read(string directory, string suite)
    {
        if (File.Exists(Path.Combine(directory, "passed.txt")))
            return OfSuite(suite, File.ReadLines(Path.Combine(directory, "passed.txt")), File.ReadLines(Path.Combine(directory, "failed.txt")));
        var files = Directory.GetFiles(directory, "*.trx", SearchOption.AllDirectories);
        if (files.Length == 0) throw new InvalidDataException($"{directory} holds neither passed.txt nor a .trx file");
        return OfTrx(files.Select(XDocument.Load));
    }

    /// <inheritdoc cref="Read"/>
    public static IReadOnlyDictionary<string, bool> OfSuite(string suite, IEnumerable<string> passed, IEnumerable<string> failed)
    {
        var run = new Dictionary<string, bool>();
        foreach (var (line, outcome) in passed.Select(l => (l, true)).Concat(failed.Select(l => (l, false))))
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            var name = $"{suite}: {line.Split('\t')[0]}";
            if (run.TryGetValue(name, out var other) && other != outcome) throw new InvalidDataException($"\"{name}\" both passed and failed");
            run[name] = outcome;
        }
        return run;
    }

    /// <inheritdoc cref="Read"/>
    public static IReadOnlyDictionary<string, bool> OfTrx(IEnumerable<XDocument> files)
    {
        var run = new Dictionary<string, bool>();
        foreach (var file in files)
        {
            var names = file.Descendants().Where(e => e.Name.LocalName == "UnitTest").ToDictionary(
                e => Attribute(e, "id"),
                e => e.Elements().Single(m => m.Name.LocalName == "TestMethod") is var method ? $"{Attribute(method, "className")}.{Method(Attribute(method, "name"))}" : "");
            foreach (var result in file.Descendants().Where(e => e.Name.LocalName == "UnitTestResult"))
            {
                var name = names[Attribute(result, "testId")];
                run[name] = run.GetValueOrDefault(name, true) && Attribute(result, "outcome") == "Passed";
            }
        }
        return run;
    }

    /// <summary>A case of a test carries its values.</summary>
    private static string Method(string name) => name.Split('(')[0];

    private static string Attribute(XElement element, string name) =>
        element.Attribute(name)?.Value ?? throw new InvalidDataException($"a {element.Name.LocalName} has no {name}");
}
