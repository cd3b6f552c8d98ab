using System.Net.Sockets;
using System.Security.Authentication;
using ActorOrch.Gateway.Proxying;
using Yarp.ReverseProxy.Forwarder;

namespace ActorOrch.Gateway.Tests.Proxying;

/// <summary>What a client is told of a server that cannot be reached is ours to say.</summary>
public sealed class ProxyFailureTests
{
    private const string Framework = "Arg_Framework: words of the framework";
    private const string Authority = "10.1.1.1:80";

    public static TheoryData<SocketError> SocketErrors => [.. Enum.GetValues<SocketError>().Where(e => e != SocketError.Success).Distinct()];

    public static TheoryData<HttpRequestError> HttpErrors => [.. Enum.GetValues<HttpRequestError>()];

    public static TheoryData<ForwarderError> ForwarderErrors => [.. Enum.GetValues<ForwarderError>()];

    [Theory]
    [MemberData(nameof(SocketErrors))]
    public void Of_a_socket(SocketError error)
    {
        var cause = new SocketException((int)error, Framework);
        Check(ProxyFailure.Describe(ForwarderError.Request, new HttpRequestException(HttpRequestError.ConnectionError, Framework, cause), Authority));
    }

    [Theory]
    [MemberData(nameof(HttpErrors))]
    public void Of_the_protocol(HttpRequestError error) => Check(ProxyFailure.Describe(ForwarderError.Request, new HttpRequestException(error, Framework), Authority));

    [Theory]
    [MemberData(nameof(ForwarderErrors))]
    public void Of_the_forwarder(ForwarderError error)
    {
        Check(ProxyFailure.Describe(error, null, Authority));
        foreach (var cause in (Exception[])[new UriFormatException(Framework), new IOException(Framework), new InvalidOperationException(Framework), new AuthenticationException(Framework)])
            Check(ProxyFailure.Describe(error, cause, Authority));
    }

    [Fact]
    public void A_refused_connection_reads_as_upstreams() =>
        Assert.Equal("dial tcp 10.1.1.1:80: connect: connection refused", ProxyFailure.Describe(ForwarderError.Request, new SocketException((int)SocketError.ConnectionRefused), Authority));

    private static void Check(string words)
    {
        Assert.NotEmpty(words);
        Assert.DoesNotContain(Framework, words);
        Assert.DoesNotContain("Exception", words);
    }
}
