using System.CommandLine;
using ActorOrch.Commands;
using ActorOrch.EndToEnd.Harness;

namespace ActorOrch.EndToEnd.Commands;

/// <summary>Whatever stands on the command line is used or refused in a line that names it.</summary>
public sealed class CommandLineTests
{
    private static readonly string[] NoNumbers = ["abc", "", " ", "1.5", "0x10", "1e3", "99999999999", "9999999999999999999999", "-1", "\u0663"];

    /// <summary>Every number option of every command, with everything that is none.</summary>
    public static TheoryData<string, string> Numbers()
    {
        var data = new TheoryData<string, string>();
        foreach (var (path, command) in Commands(CommandLine.Create(), ""))
            foreach (var option in command.Options.OfType<Option<int>>()) data.Add(path, option.Name);
        return data;
    }

    [Fact]
    public void All_options_that_are_numbers_are_known() =>
        Assert.Equal(["pki node --days", "quickstart --api-port", "up --api-port", "up --nodes"], Numbers().Select(n => $"{n[0]} {n[1]}").Order(StringComparer.Ordinal));

    [Fact]
    public void What_is_empty_ends_in_no_exception()
    {
        foreach (var (path, command) in Commands(CommandLine.Create(), ""))
            foreach (var option in command.Options.Where(o => o is Option<DirectoryInfo> or Option<FileInfo>))
                Assert.Contains(CommandLine.Create().Parse([.. path.Split(' '), .. Others(path), option.Name, ""]).Errors, e => e.Message.Contains(option.Name, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void What_is_no_number_is_named_with_option_and_range(string command, string option)
    {
        foreach (var text in NoNumbers)
        {
            var parsed = CommandLine.Create().Parse([.. command.Split(' '), .. Others(command), option, text]);
            Assert.Contains(parsed.Errors, e => e.Message.StartsWith($"{option}: {text} is ", StringComparison.Ordinal) && e.Message.Contains(": it must be between 1 and ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("--nodes", "3")]
    [InlineData("--nodes", "3", "--runtime", "docker")]
    [InlineData("--runtime", "docker", "--nodes=2")]
    public void Several_nodes_on_Docker_are_refused(params string[] options) =>
        Assert.Contains(CommandLine.Create().Parse(["up", "--data-dir", "/nonexistent", .. options]).Errors, e => e.Message.EndsWith("is more than one: that needs --runtime simulated", StringComparison.Ordinal));

    [Fact]
    public async Task The_executable_says_so_in_two_lines_and_ends()
    {
        var (exitCode, output, errors) = await OneRun.OfAsync("up", "--data-dir", "/nonexistent", "--api-port", "abc");
        Assert.Equal(1, exitCode);
        Assert.Equal("actororch: --api-port: abc is not a whole number: it must be between 1 and 65535\n'actororch up --help' says what there is.\n", errors);
        Assert.Equal("", output);
    }

    /// <summary>What else the line needs before its options are looked at one by one.</summary>
    private static string[] Others(string command) => command == "pki node" ? ["worker1", "--role", "worker", "--out", "/nonexistent", "--authority", "/nonexistent"] : [];

    private static IEnumerable<(string Path, Command Command)> Commands(Command command, string path) =>
        command.Subcommands.SelectMany(c => Commands(c, $"{path} {c.Name}".Trim())).Prepend((path, command));
}
