using ActorOrch.Gateway.Proxying;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Gateway.Tests.Proxying;

public class ProxyNameTests
{
    [Theory]
    [InlineData("web", "http", "web", "")]
    [InlineData("web:80", "http", "web", "80")]
    [InlineData("web:", "http", "web", "")]
    [InlineData("https:web:443", "https", "web", "443")]
    [InlineData("https:web:", "https", "web", "")]
    [InlineData(":web:named", "http", "web", "named")]
    public void A_name_may_say_its_port_and_its_scheme(string text, string scheme, string name, string port) =>
        Assert.Equal(new ProxyName(scheme, name, port), ProxyName.Parse(text, "pod"));

    [Theory]
    [InlineData("ftp:web:21")]
    [InlineData(":80")]
    [InlineData("a:b:c:d")]
    public void Anything_else_is_refused(string text) =>
        Assert.Equal($"invalid pod request \"{text}\"", Assert.Throws<ApiException>(() => ProxyName.Parse(text, "pod")).Message);
}
