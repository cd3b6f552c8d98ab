using ActorOrch.Gateway.Proxying;

namespace ActorOrch.Gateway.Tests.Proxying;

public class ProxiedLinksTests
{
    private const string Prefix = "/api/v1/namespaces/default/pods/web:80/proxy";

    private readonly ProxiedLinks _links = new(Prefix, "10.1.2.3:80", "kube.example:6443");

    [Theory]
    [InlineData("/", Prefix + "/")]
    [InlineData("/a?b=c#d", Prefix + "/a?b=c#d")]
    [InlineData("http://10.1.2.3:80/a", Prefix + "/a")]
    [InlineData("//10.1.2.3:80/a", Prefix + "/a")]
    [InlineData("https://kube.example:6443/a", "https://kube.example:6443" + Prefix + "/a")]
    public void A_link_to_the_server_leads_through_the_proxy(string link, string expected) => Assert.Equal(expected, _links.Rewrite(link));

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("../a")]
    [InlineData("#top")]
    [InlineData("?q=http://10.1.2.3:80/a")]
    [InlineData("mailto:someone@example.com")]
    [InlineData("https://example.com/a")]
    [InlineData("//example.com/a")]
    [InlineData(Prefix + "/a")]
    [InlineData(Prefix + "?a")]
    public void All_others_stay(string link) => Assert.Equal(link, _links.Rewrite(link));
}
