using ActorOrch.Agent.Pods.Containers;
using ActorOrch.Agent.Runtimes;

namespace ActorOrch.Agent.Tests.Pods.Containers;

public class EngineWordsTests
{
    [Theory]
    [InlineData("ZEBRA", "exec: \"ZEBRA\": executable file not found in $PATH: unknown", "exec: \"$(PW)\": executable file not found in $PATH: unknown")]
    [InlineData("/ZEBRA", "exec: \"/ZEBRA\": stat /ZEBRA: no such file or directory", "exec: \"$(PW)\": stat $(PW): no such file or directory")]
    [InlineData("ZE\"BRA\n", "exec: \"ZE\\\"BRA\\n\": executable file not found in $PATH", "exec: \"$(PW)\": executable file not found in $PATH")]
    public void What_a_variable_stands_for_is_never_told(string value, string message, string expected)
    {
        Assert.Equal(expected, EngineWords.Unexpanded(message, new() { Command = ["$(PW)", "x"] }, Told([value, "x"], null)));
        Assert.Equal(expected, EngineWords.Unexpanded(message, new() { Args = ["$(PW)"] }, Told(null, [value])));
    }

    [Fact]
    public void A_word_that_is_a_part_of_another_does_not_spoil_it() => Assert.Equal(
        "exec: \"$(A)$(B)\"", EngineWords.Unexpanded("exec: \"ZEBRA\"", new() { Command = ["$(A)", "$(A)$(B)"] }, Told(["ZE", "ZEBRA"], null)));

    [Fact]
    public void What_is_as_the_spec_has_it_is_told_as_it_is() =>
        Assert.Equal("exec: \"none\"", EngineWords.Unexpanded("exec: \"none\"", new() { Command = ["none"] }, Told(["none"], null)));

    [Fact]
    public void Of_an_earlier_run_only_what_cannot_hold_a_variable_is_told()
    {
        Assert.Equal("exec: \"none\"", EngineWords.OfUnknown("exec: \"none\"", new() { Command = ["none"] }));
        Assert.DoesNotContain("ZEBRA", EngineWords.OfUnknown("exec: \"ZEBRA\"", new() { Args = ["$(PW)"] }), StringComparison.Ordinal);
        Assert.Null(EngineWords.OfUnknown(null, new() { Args = ["$(PW)"] }));
    }

    private static ContainerSpec Told(string[]? command, string[]? args) => new() { Name = "c", Image = "i", Network = new NetworkMode.Host(), Command = command, Args = args };
}
