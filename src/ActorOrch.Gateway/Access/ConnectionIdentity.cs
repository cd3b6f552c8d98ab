using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ActorOrch.Gateway.Serving;
using ActorOrch.Registry.Api;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace ActorOrch.Gateway.Access;

/// <summary>
/// What a connection has proven already. A client shows the same certificate for as long as it is connected, and mostly the same token with
/// each request: neither is verified again. Streams of one connection share it.
/// </summary>
internal sealed class ConnectionIdentity
{
    private static readonly object Place = new();

    private volatile CertificateProof? _certificate;
    private volatile Proof? _token;
    private volatile KnownRoom? _room;
    private BodyShare? _share;
    private Budget? _place;

    private sealed record Proof(string Presented, Caller? Caller);

    private sealed record KnownRoom(Caller Caller, Room Room);

    private sealed record CertificateProof(Caller? Caller, long EndTicks, string? Fault);

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

    // The place of a connection that has ended: it takes no other.
    private static readonly Budget Ended = new(0, 0, TimeProvider.System);

    /// <summary>Whether the connection has shown, once at least, who it is, and there was a place for it.</summary>
    public bool HasPlace => Volatile.Read(ref _place) is not null;

    /// <summary>Called once, when the connection gets its place.</summary>
    public Action? Placed { private get; set; }

    /// <summary>Whether the connection's certificate has been looked at, and what was found then still holds.</summary>
    public bool KnowsCertificate(TimeProvider time) => _certificate is { } known && (known.Caller is null || time.GetUtcNow().UtcTicks < known.EndTicks);

    /// <summary>Whom the certificate names; null where there is none that is worth something.</summary>
    public Caller? ByCertificate => _certificate?.Caller;

    /// <summary>What is wrong with a certificate that would be good at another time; null for any other.</summary>
    public string? CertificateFault => _certificate?.Fault;

    /// <summary>Whom an <c>Authorization</c> header names that was accepted on this connection; null for any other.</summary>
    public Caller? ByHeader(string header) => _token is { } known && IsSame(known.Presented, header) ? known.Caller : null;

    /// <summary>What there is for a caller; the connection mostly has one.</summary>
    /// <param name="caller">Null for nobody.</param>
    public Room RoomOf(Caller? caller, RequestLimits limits)
    {
        if (caller is null) return limits.Of(null);
        if (_room is { } known && ReferenceEquals(known.Caller, caller)) return known.Room;
        var room = limits.Of(caller);
        _room = new(caller, room);
        return room;
    }

    /// <summary>What the connection's long bodies may take; made with the first of them.</summary>
    public BodyShare Share(RequestLimits limits) => Volatile.Read(ref _share) ?? Interlocked.CompareExchange(ref _share, limits.NewShare(), null) ?? _share!;

    /// <summary>Takes the connection's place among those of the first user that it shows, to be given back with <see cref="End"/>; false where there is none.</summary>
    public bool TryTakePlace(Budget places)
    {
        if (HasPlace) return true;
        if (!places.TryTake(1)) return false;
        if (Interlocked.CompareExchange(ref _place, places, null) is null) Placed?.Invoke();
        else places.Give(1);
        return true;
    }

    /// <summary>The connection was closed.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _place, Ended) is { } place && !ReferenceEquals(place, Ended)) place.Give(1);
    }

    /// <param name="end">From when on the certificate proves nothing any more.</param>
    public void SetCertificate(Caller? caller, DateTimeOffset end, string? fault) => _certificate = new(caller, end.UtcTicks, fault);

    public void Accept(string header, Caller caller) => _token = new(header, caller);

    // In constant time: streams of several callers may come through one proxy.
    private static bool IsSame(string known, string presented) =>
        ReferenceEquals(known, presented) || CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(known.AsSpan()), MemoryMarshal.AsBytes(presented.AsSpan()));
}
