using System.Text;
using ActorOrch.Gateway.Routing;
using ActorOrch.Resources.Errors;
using CsCheck;

namespace ActorOrch.Gateway.Tests.Routing;

public class PathEscapesTests
{
    [Theory]
    [InlineData("web", false)]
    [InlineData("rbac.authorization.k8s.io", false)]
    [InlineData("/apis/apps/v1/namespaces/a.b/deployments/c..d", false)]
    [InlineData("a%2Fb", true)]
    [InlineData("..", true)]
    [InlineData("/a/./b", true)]
    [InlineData("/a/../b", true)]
    [InlineData("/.hidden", true)]
    public void What_may_mean_something_else_is_looked_at(string path, bool expected) => Assert.Equal(expected, PathEscapes.Has(path));

    [Theory]
    [InlineData("system%3Anode", "system:node")]
    [InlineData("gr%C3%B6%C3%9Fe", "größe")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData(".hidden", ".hidden")]
    [InlineData("...", "...")]
    public void Escapes_are_undone_once(string part, string text) => Assert.Equal(text, PathEscapes.Decode(part));

    [Theory]
    [InlineData("%ff", 400)]
    [InlineData("%c0%ae", 400)]
    [InlineData("%", 400)]
    [InlineData("a%2", 400)]
    [InlineData("a%zz", 400)]
    [InlineData("a%+1", 400)]
    [InlineData("%00", 400)]
    [InlineData("a%0d%0ab", 400)]
    [InlineData("%2e%2e", 404)]
    [InlineData("%2E.", 404)]
    [InlineData(".", 404)]
    [InlineData("a%2fb", 404)]
    [InlineData("a%5cb", 404)]
    public void What_is_no_single_part_is_refused(string part, int code)
    {
        var refusal = Assert.Throws<ApiException>(() => PathEscapes.Decode(part));

        Assert.Equal(code, refusal.Code);
        if (code == 400) Assert.Equal($"invalid URL escape \"{part}\"", refusal.Message);
    }

    [Fact]
    public void Any_name_comes_back_as_it_was_escaped() => Gen.String[Gen.Char['!', '\u024f'], 1, 30].Sample(name =>
    {
        if (name is "." or ".." || name.Any(c => c is '/' or '\\' || char.IsControl(c))) return;

        Assert.Equal(name, PathEscapes.Decode(Uri.EscapeDataString(name)));
        Assert.Equal(name, PathEscapes.Decode(string.Concat(Encoding.UTF8.GetBytes(name).Select(b => $"%{b:x2}"))));
    });

    [Fact]
    public void No_part_becomes_more_than_one() => Gen.String[Gen.Char["%2fF5cCeE./\\a0"], 0, 12].Sample(part =>
    {
        try
        {
            var text = PathEscapes.Decode(part);
            Assert.DoesNotContain('/', text);
            Assert.DoesNotContain('\\', text);
            Assert.False(text is "." or "..");
        }
        catch (ApiException refusal)
        {
            Assert.True(refusal.Code is 400 or 404);
        }
    });
}
