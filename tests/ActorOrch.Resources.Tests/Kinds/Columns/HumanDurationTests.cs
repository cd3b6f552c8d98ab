using ActorOrch.Resources.Kinds.Columns;

namespace ActorOrch.Resources.Tests.Kinds.Columns;

public class HumanDurationTests
{
    [Theory]
    [InlineData(-2, "<invalid>")]
    [InlineData(-1, "0s")]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(125, "2m5s")]
    [InlineData(599, "9m59s")]
    [InlineData(605, "10m")]
    [InlineData(179 * 60, "179m")]
    [InlineData(3 * 3600, "3h")]
    [InlineData(3 * 3600 + 120, "3h2m")]
    [InlineData(8 * 3600 + 120, "8h")]
    [InlineData(47 * 3600, "47h")]
    [InlineData(48 * 3600, "2d")]
    [InlineData(49 * 3600, "2d1h")]
    [InlineData(8 * 86400 + 3600, "8d")]
    [InlineData(729 * 86400L, "729d")]
    [InlineData(2 * 365 * 86400L, "2y")]
    [InlineData((2 * 365 + 3) * 86400L, "2y3d")]
    [InlineData((8 * 365 + 3) * 86400L, "8y")]
    public void Ages_are_printed_as_kubectl_prints_them(long seconds, string text) =>
        Assert.Equal(text, HumanDuration.Print(TimeSpan.FromSeconds(seconds)));
}
