using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ActorOrch.Registry;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace ActorOrch.Gateway;

/// <summary>
/// What a connection has proven already. A client shows the same certificate for as long as it is connected, and mostly the same token with
/// each request: neither is verified again. Streams of one connection share it.
/// </summary>
internal sealed class ConnectionIdentity
{
    private static readonly object Place = new();

    private volatile Proof? _certificate;
    private volatile Proof? _token;

    private sealed record Proof(string Presented, Caller? Caller);

    /// <summary>That of the connection that the features belong to; one of its own where they belong to none.</summary>
    public static ConnectionIdentity Of(IFeatureCollection features)
    {
        if (features.Get<IConnectionItemsFeature>()?.Items is not { } connection) return new();
        lock (connection)
        {
            if (connection.TryGetValue(Place, out var known)) return (ConnectionIdentity)known!;
            var identity = new ConnectionIdentity();
            connection[Place] = identity;
            return identity;
        }
    }

    /// <summary>Whether the connection's certificate has been looked at.</summary>
    public bool KnowsCertificate => _certificate is not null;

    /// <summary>Whom the certificate names; null where there is none that is worth something.</summary>
    public Caller? ByCertificate => _certificate?.Caller;

    /// <summary>Whom an <c>Authorization</c> header names that was accepted on this connection; null for any other.</summary>
    public Caller? ByHeader(string header) => _token is { } known && IsSame(known.Presented, header) ? known.Caller : null;

    public void SetCertificate(Caller? caller) => _certificate = new("", caller);

    public void Accept(string header, Caller caller) => _token = new(header, caller);

    // In constant time: streams of several callers may come through one proxy.
    private static bool IsSame(string known, string presented) =>
        ReferenceEquals(known, presented) || CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(known.AsSpan()), MemoryMarshal.AsBytes(presented.AsSpan()));
}
