using System.Xml.Linq;
using ActorOrch.Testing.Conformance;

namespace ActorOrch.Architecture.Tests.Conformance;

public sealed class TestRunTests
{
    [Fact]
    public void A_suites_lists_are_names_and_words_of_failures()
    {
        var run = TestRun.OfSuite("e2e 1.20", ["[sig-apps] one", ""], ["[sig-apps] two\ttimed out"]);

        Assert.Equal(new Dictionary<string, bool> { ["e2e 1.20: [sig-apps] one"] = true, ["e2e 1.20: [sig-apps] two"] = false }, run);
        Assert.Throws<InvalidDataException>(() => TestRun.OfSuite("e2e 1.20", ["one"], ["one\twhy"]));
    }

    [Fact]
    public void A_test_with_several_cases_has_passed_when_all_of_them_have()
    {
        var run = TestRun.OfTrx([Trx(("One", "Passed"), ("Two(a: 1)", "Passed"), ("Two(a: 2)", "Failed"), ("Three", "NotExecuted"))]);

        Assert.Equal(new Dictionary<string, bool> { ["N.C.One"] = true, ["N.C.Two"] = false, ["N.C.Three"] = false }, run);
    }

    [Fact]
    public void A_directory_without_results_is_named()
    {
        var directory = Directory.CreateTempSubdirectory("actororch-run-").FullName;
        try
        {
            Assert.Contains(directory, Assert.Throws<InvalidDataException>(() => TestRun.Read(directory, "s")).Message, StringComparison.Ordinal);
            Directory.CreateDirectory(Path.Combine(directory, "below"));
            Trx(("One", "Passed")).Save(Path.Combine(directory, "below", "a.trx"));
            Assert.Equal(["N.C.One"], TestRun.Read(directory, "s").Keys);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static XDocument Trx(params (string Method, string Outcome)[] tests)
    {
        XNamespace n = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
        return new(new XElement(n + "TestRun",
            new XElement(n + "Results", tests.Select((t, i) => new XElement(n + "UnitTestResult", new XAttribute("testId", i), new XAttribute("outcome", t.Outcome)))),
            new XElement(n + "TestDefinitions", tests.Select((t, i) => new XElement(n + "UnitTest", new XAttribute("id", i),
                new XElement(n + "TestMethod", new XAttribute("className", "N.C"), new XAttribute("name", t.Method)))))));
    }
}
