using System.Net.Sockets;
using System.Security.Authentication;
using Yarp.ReverseProxy.Forwarder;

namespace ActorOrch.Gateway.Proxying;

/// <summary>Why a proxied server could not be reached, in upstream's words as far as it has some: what the framework says is for its developers, and changes with it.</summary>
internal static class ProxyFailure
{
    public static string Describe(ForwarderError error, Exception? cause, string authority)
    {
        for (var at = cause; at is not null; at = at.InnerException)
            switch (at)
            {
                case SocketException socket: return $"dial tcp {authority}: {OfSocket(socket.SocketErrorCode)}";
                case AuthenticationException: return $"tls: the handshake with {authority} failed";
                case HttpRequestException { HttpRequestError: not (HttpRequestError.Unknown or HttpRequestError.ConnectionError) } http: return OfHttp(http.HttpRequestError, authority);
            }
        return error switch
        {
            ForwarderError.RequestCreation => "the request cannot be sent on as it is",
            ForwarderError.RequestTimedOut => $"dial tcp {authority}: i/o timeout",
            ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled => "the body of the request could not be read",
            ForwarderError.RequestBodyDestination => $"{authority} did not take the body of the request",
            ForwarderError.ResponseHeaders => $"malformed HTTP response of {authority}",
            ForwarderError.UpgradeActivityTimeout or ForwarderError.UpgradeRequestCanceled or ForwarderError.UpgradeRequestClient
                or ForwarderError.UpgradeRequestDestination or ForwarderError.UpgradeResponseCanceled or ForwarderError.UpgradeResponseClient
                or ForwarderError.UpgradeResponseDestination => "the upgraded connection broke off",
            _ => $"no answer of {authority}",
        };
    }

    private static string OfSocket(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "connect: connection refused",
        SocketError.ConnectionReset => "read: connection reset by peer",
        SocketError.HostUnreachable => "connect: no route to host",
        SocketError.NetworkUnreachable or SocketError.NetworkDown => "connect: network is unreachable",
        SocketError.TimedOut => "i/o timeout",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "no such host",
        SocketError.AccessDenied => "connect: permission denied",
        SocketError.TooManyOpenSockets => "socket: too many open files",
        SocketError.AddressNotAvailable => "connect: cannot assign requested address",
        _ => $"connect: the connection failed ({error})",
    };

    private static string OfHttp(HttpRequestError error, string authority) => error switch
    {
        HttpRequestError.NameResolutionError => $"dial tcp {authority}: no such host",
        HttpRequestError.SecureConnectionError => $"tls: the handshake with {authority} failed",
        HttpRequestError.ResponseEnded => "EOF",
        HttpRequestError.ConfigurationLimitExceeded => $"the headers of the answer of {authority} are too long",
        _ => $"malformed HTTP response of {authority}",
    };
}
