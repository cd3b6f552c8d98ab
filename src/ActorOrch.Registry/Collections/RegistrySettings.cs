using ActorOrch.Registry.Checkpoints;
using ActorOrch.Registry.Watching;
using Akka.Configuration;

namespace ActorOrch.Registry.Collections;

/// <summary>The part <c>actororch.registry</c> of the configuration; <c>config/reference.hocon</c> explains each value.</summary>
public sealed record RegistrySettings
{
    /// <summary>What a collection keeps in memory for watches that resume and lists at a revision; what is older comes from the store.</summary>
    public required HistoryLimits History { get; init; }

    /// <summary>How long every version can be read.</summary>
    public required Retention Retention { get; init; }

    /// <summary>When a checkpoint is taken: see <see cref="JournalWindow"/>.</summary>
    public required CompactionLimits Compaction { get; init; }

    /// <summary>What one commit takes at most.</summary>
    public required CommitLimits Commit { get; init; }

    /// <summary>How long a process waits for a collection's owner in another process.</summary>
    public required TimeSpan OwnerTimeout { get; init; }

    /// <summary>How soon a mirror asks again that has had no answer, and how long one waits in silence before it asks whether it missed something.</summary>
    public required TimeSpan FollowRetry { get; init; }

    /// <inheritdoc cref="FollowRetry"/>
    public required TimeSpan FollowSilence { get; init; }

    /// <summary>Of the collections. Must never change once there is data in a cluster: the processes would disagree on who owns what.</summary>
    public required int Shards { get; init; }

    /// <summary>Cluster role of the processes that own collections.</summary>
    public required string Role { get; init; }

    /// <summary>The nodes of this process: where it owns no collections, it holds what these need.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Reads the settings of an actor system. Throws <see cref="ConfigurationException"/> where one is missing.</summary>
    public static RegistrySettings From(Config system)
    {
        var config = system.GetConfig("actororch.registry")
            ?? throw new ConfigurationException("actororch.registry is missing: config/reference.hocon has not been loaded");
        return new()
        {
            History = new(config.GetLong("history.memory.versions"), Size(config, "history.memory.bytes")),
            Retention = new(config.GetLong("history.versions"), config.GetTimeSpan("history.age")),
            Compaction = new(config.GetLong("checkpoint.commits"), Size(config, "checkpoint.bytes")),
            Commit = new(config.GetInt("commit.writes"), Size(config, "commit.bytes")),
            OwnerTimeout = config.GetTimeSpan("owner-timeout"),
            FollowRetry = config.GetTimeSpan("follow.retry"),
            FollowSilence = config.GetTimeSpan("follow.silence"),
            Shards = config.GetInt("shards"),
            Role = config.GetString("role"),
        };
    }

    private static long Size(Config config, string path) =>
        config.GetByteSize(path) ?? throw new ConfigurationException($"actororch.registry.{path} is not a size");
}
