using System.Net;
using ActorOrch.Contracts.Streams;
using ActorOrch.Gateway.Access;
using ActorOrch.Gateway.Discovery;
using ActorOrch.Gateway.Pki;
using ActorOrch.Registry.Api;
using ActorOrch.Registry.Health;
using Microsoft.Extensions.Logging;

namespace ActorOrch.Gateway.Serving;

/// <summary>What the gateway stands on.</summary>
public sealed record GatewayOptions
{
    public required IObjectApi Api { get; init; }

    /// <summary>Where containers' logs come from, and their commands and ports are.</summary>
    public required INodeStreamsLocator NodeStreams { get; init; }

    public required ClusterPki Pki { get; init; }

    /// <summary>Bearer tokens that are accepted besides client certificates.</summary>
    public IReadOnlyList<StaticToken> Tokens { get; init; } = [];

    /// <summary>Where to listen; loopback unless said otherwise.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 for any free port.</summary>
    public int Port { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Spreads the ends of watches.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>How long a watcher that was cut because it does not read may still read what is on its way, before its connection is closed.</summary>
    public TimeSpan SlowWatcherGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the next piece of a long answer may wait for a client that does not read, before its connection is cut.</summary>
    public TimeSpan UnreadAnswerPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may take to show who it is.</summary>
    public TimeSpan IdentityPatience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Connections at once; by default as many as the process's limit of descriptors allows for.</summary>
    public int? MostConnections { get; init; }

    public VersionInfo Version { get; init; } = new();

    /// <summary>What <c>/readyz</c> checks beyond the gateway itself.</summary>
    public IReadOnlyList<IHealthCheck> Readiness { get; init; } = [];

    public ILoggerFactory? Logging { get; init; }
}
