namespace ActorOrch.Gateway.Serving;

/// <summary>The limits of what the gateway holds at once: of all requests, or of one user's.</summary>
internal sealed class Room
{
    private const int MostWaiting = 4096;

    private readonly TimeProvider _time;

    private Room(TimeProvider time, Budget connections, Budget requests, Budget watches, Budget streams, Budget bodies, Budget documents, Budget unread)
    {
        (_time, Connections, Requests, Watches, Streams, Bodies, Documents, Unread) = (time, connections, requests, watches, streams, bodies, documents, unread);
    }

    /// <summary>Places of connections that have shown who they are.</summary>
    public Budget Connections { get; }

    /// <summary>Places of requests that come to an end by themselves.</summary>
    public Budget Requests { get; }

    /// <summary>Places of watches.</summary>
    public Budget Watches { get; }

    /// <summary>Places of logs, commands, forwarded ports and proxied requests.</summary>
    public Budget Streams { get; }

    /// <summary>Bytes of bodies that are being read.</summary>
    public Budget Bodies { get; }

    /// <summary>Bytes that bodies become while they are decoded and written.</summary>
    public Budget Documents { get; }

    /// <summary>Bytes of answers that wait to be read by a client that takes its time.</summary>
    public Budget Unread { get; }

    /// <summary>All there is.</summary>
    /// <param name="connections">How many may be open.</param>
    /// <param name="requests">How many may be under way that come to an end by themselves.</param>
    public static Room Whole(TimeProvider time, int connections, int requests) => new(
        time,
        new(connections, 0, time),
        new(requests, MostWaiting, time),
        new(32 * 1024, 0, time),
        new(1024, 0, time),
        new(128 * 1024 * 1024, MostWaiting, time),
        new(256 * 1024 * 1024, MostWaiting, time),
        new(256 * 1024 * 1024, 0, time));

    /// <summary>A limit below this one. Nothing is reserved for it: it may be used up where the whole has as much left.</summary>
    /// <param name="divisor">One so many-th.</param>
    public Room Share(int divisor)
    {
        return new(_time, Of(Connections), Of(Requests), Of(Watches), Of(Streams), Of(Bodies), Of(Documents), Of(Unread));

        Budget Of(Budget whole) => new(Math.Max(1, whole.Capacity / divisor), MostWaiting / divisor, _time, whole);
    }
}
