using ActorOrch.Resources.Schemas.Validation;

namespace ActorOrch.Resources.Tests.Schemas.Validation;

public sealed class ValuePatternTests
{
    [Theory]
    [InlineData("b", "abc", true)]
    [InlineData("^b", "abc", false)]
    [InlineData("^abc$", "abc\n", false)]
    [InlineData("(?m)^abc$", "abc\nd", true)]
    [InlineData(@"^\d+$", "\u0661", false)]
    [InlineData(@"^[\d]+$", "\u0661", false)]
    [InlineData(@"^\D$", "\u0661", true)]
    [InlineData(@"^\w$", "\u00e9", false)]
    [InlineData(@"^\W$", "\u00e9", true)]
    [InlineData(@"^\s$", "\u00a0", false)]
    [InlineData(@"^(?P<name>a)$", "a", true)]
    [InlineData("^[[:alpha:]_]+$", "ab_", true)]
    [InlineData("^[[:alpha:]]$", "1", false)]
    [InlineData("^[]a]+$", "]a", true)]
    [InlineData("^[a-z-[b]+$", "[-b", true)]
    [InlineData(@"^\pL+$", "\u00e9", true)]
    [InlineData(@"^\Qa.b\E$", "a.b", true)]
    [InlineData(@"^\Qa.b\E$", "axb", false)]
    [InlineData(@"^\x{41}\x42$", "AB", true)]
    [InlineData(@"^\x{1F600}$", "\ud83d\ude00", true)]
    [InlineData(@"^a{,2}$", "a{,2}", true)]
    [InlineData(@"^(([a-z0-9]|[a-z0-9][a-z0-9\-]*[a-z0-9])\.)*([a-z0-9]|[a-z0-9][a-z0-9\-]*[a-z0-9])$", "a-b.example", true)]
    public void A_pattern_means_what_it_means_in_Go(string pattern, string text, bool matches) => Assert.Equal(matches, new ValuePattern(pattern).Matches(text));

    [Theory]
    [InlineData("(a")]
    [InlineData("[a")]
    [InlineData(@"a\")]
    [InlineData(@"(a)\1")]
    [InlineData("(?=a)")]
    [InlineData("[z-a]")]
    [InlineData("*")]
    public void What_is_none_in_Go_matches_nothing(string pattern)
    {
        var none = new ValuePattern(pattern);
        Assert.False(none.IsValid);
        Assert.False(none.Matches("a"));
        Assert.Equal($"{pattern}, but pattern is invalid", none.ToString());
    }

    [Fact]
    public void What_matching_costs_grows_with_the_text_alone() => Assert.False(new ValuePattern("^(a+)+$").Matches(new string('a', 100_000) + "b"));
}
