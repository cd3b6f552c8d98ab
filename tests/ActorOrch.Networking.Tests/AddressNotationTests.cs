using System.Text.RegularExpressions;

namespace ActorOrch.Networking.Tests;

/// <summary>Addresses that come from outside are read in one place: two readings of one text are a way around what either forbids.</summary>
public partial class AddressNotationTests
{
    // Read what the process itself has written or is configured with.
    private static readonly string[] ReadTheirOwn = ["NetworkAddress.cs", "LinuxNodeNetwork.cs"];

    [Fact]
    public void No_other_code_parses_addresses()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "ActorOrch.sln"))) directory = directory.Parent!;

        var parsing = ((string[])["ActorOrch.Resources", "ActorOrch.Networking", "ActorOrch.Gateway", "ActorOrch.Controllers", "ActorOrch.Registry"])
            .SelectMany(project => Directory.GetFiles(Path.Combine(directory.FullName, "src", project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !ReadTheirOwn.Contains(Path.GetFileName(file)))
            .Where(file => Parsing().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(directory.FullName, file));

        Assert.Empty(parsing);
    }

    [GeneratedRegex(@"\bIP(Address|EndPoint)\.(Try)?Parse")]
    private static partial Regex Parsing();
}
