using System.Net.Sockets;

namespace ActorOrch.Agent.Runtimes;

/// <summary>Network failures in the words that Go programs print, since users search for them.</summary>
internal static class NetworkErrors
{
    public static string Dial(string host, int port, SocketException failure) => $"dial tcp {HostPort(host, port)}: {Reason(failure)}";

    public static string HostPort(string host, int port) => host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{port}" : $"{host}:{port}";

    private static string Reason(SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connect: connection refused",
        SocketError.HostUnreachable => "connect: no route to host",
        SocketError.NetworkUnreachable => "connect: network is unreachable",
        SocketError.TimedOut => "i/o timeout",
        SocketError.ConnectionReset => "read: connection reset by peer",
        SocketError.HostNotFound => "no such host",
        _ => failure.Message,
    };
}
