using ActorOrch.Agent.Pods.Specs;

namespace ActorOrch.Agent.Tests.Pods.Specs;

public class ExpansionTests
{
    private static readonly Dictionary<string, string> Variables = new() { ["A"] = "one", ["B"] = "" };

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("$(A)-$(A)", "one-one")]
    [InlineData("$(B)", "")]
    [InlineData("$(none)", "$(none)")]
    [InlineData("$$(A)", "$(A)")]
    [InlineData("$(A", "$(A")]
    [InlineData("$", "$")]
    [InlineData("$(A)$(", "one$(")]
    public void Names_are_replaced_by_their_values(string text, string expected) =>
        Assert.Equal(expected, Expansion.Expand(text, Variables.GetValueOrDefault, 100));

    [Fact]
    public void Variables_that_quote_variables_end_at_the_limit()
    {
        var value = "x";
        var steps = 0;
        for (; value is not null && steps < 64; steps++) value = Expansion.Expand("$(V)$(V)$(V)$(V)", _ => value, 10_000);
        Assert.Null(value);
        Assert.InRange(steps, 6, 9);
    }

    [Fact]
    public void Open_parentheses_are_looked_through_once() =>
        Assert.Equal(4_000_000, Expansion.Expand(string.Concat(Enumerable.Repeat("$(", 2_000_000)), _ => null, int.MaxValue)!.Length);
}
