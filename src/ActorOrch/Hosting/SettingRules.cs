using ActorOrch.Registry.Clustering.Pki;
using static ActorOrch.Hosting.SettingRule;

namespace ActorOrch.Hosting;

/// <summary>Every setting of <c>actororch</c> with what may stand in it: what would end, stall or starve the process later does not get that far.</summary>
internal static class SettingRules
{
    private const string Century = "36500d";

    /// <summary>By path. What a single value must be beyond this (an address, a name) its reader says.</summary>
    public static IReadOnlyDictionary<string, SettingRule> All { get; } = new Dictionary<string, SettingRule>
    {
        // A worker owns nothing, so there is no choice between processes.
        ["actororch.registry.role"] = OneOf(NodeRoles.ControlPlane),
        ["actororch.registry.shards"] = Number(1, 1000),
        ["actororch.registry.history.age"] = Duration("1m", Century),
        ["actororch.registry.history.versions"] = Number(1, 1_000_000_000_000),
        ["actororch.registry.history.memory.versions"] = Number(1, 1_000_000_000),
        ["actororch.registry.history.memory.bytes"] = Size("64 KiB", "64 GiB"),
        ["actororch.registry.checkpoint.commits"] = Number(1, 1_000_000_000_000),
        ["actororch.registry.checkpoint.bytes"] = Size("64 KiB", "1 TiB"),
        ["actororch.registry.commit.writes"] = Number(1, 100_000),
        ["actororch.registry.commit.bytes"] = Size("4 KiB", "64 MiB"),
        ["actororch.registry.worker-collections"] = Texts,
        ["actororch.registry.owner-timeout"] = Duration("100ms", "1h"),
        ["actororch.registry.follow.retry"] = Duration("10ms", "1h"),
        ["actororch.registry.follow.silence"] = Duration("100ms", "1d"),
        ["actororch.secrets.key-file"] = Text,
        ["actororch.events.age"] = Duration("1s", Century),
        ["actororch.events.number"] = Number(1, 10_000_000),
        ["actororch.store.provider"] = OneOf("sqlite", "postgresql"),
        ["actororch.store.on-damage"] = OneOf("refuse", "set-aside"),
        ["actororch.store.id"] = Text,
        ["actororch.store.sqlite.directory"] = Text,
        ["actororch.store.sqlite.exclusive"] = Switch,
        ["actororch.store.postgresql.connection-string"] = Text,
        ["actororch.store.postgresql.require-durable"] = Switch,
        [NodeCredentials.DirectorySetting] = Text,
        ["actororch.cluster.tls.names"] = Texts,
        ["actororch.cluster.tls.handshake-timeout"] = Duration("100ms", "1h"),
        ["actororch.cluster.tls.max-handshakes"] = Number(1, 100_000),
        ["actororch.node.name"] = Text,
        ["actororch.node.addresses"] = Texts,
        ["actororch.node.max-pods"] = Number(1, 10_000),
        ["actororch.node.default-toleration-seconds"] = Number(0, int.MaxValue),
        ["actororch.node.seccomp-profiles"] = Name,
        ["actororch.node.allowed-unsafe-sysctls"] = Texts,
        ["actororch.network.api-address"] = Name,
        ["actororch.network.bridge"] = Name,
        ["actororch.network.table"] = Name,
        ["actororch.network.service-cidrs"] = Texts,
        ["actororch.network.pod-cidrs"] = Texts,
        ["actororch.network.local-pod-cidrs"] = Texts,
        ["actororch.network.node-ports"] = Name,
        ["actororch.nodes.heartbeat-grace"] = Duration("1s", "365d"),
        ["actororch.nodes.check-interval"] = Duration("10ms", "1h"),
        // 0: no leases.
        ["actororch.nodes.lease-interval"] = Duration("0s", "1d"),
        ["actororch.nodes.leases-of-simulated"] = Switch,
        ["actororch.nodes.orphan-grace"] = Duration("0s", "365d"),
        ["actororch.nodes.snapshot-every"] = Number(1, 1_000_000),
        ["actororch.nodes.keep-events"] = Number(0, 1_000_000_000),
        ["actororch.scheduler.name"] = Name,
        ["actororch.scheduler.scoring-strategy"] = Name,
        ["actororch.scheduler.seed"] = Number(int.MinValue, int.MaxValue),
        ["actororch.scheduler.batch-size"] = Number(1, 100_000),
        ["actororch.scheduler.binds-in-flight"] = Number(1, 1000),
        ["actororch.scheduler.retell-after"] = Duration("100ms", "1d"),
        ["actororch.scheduler.retry-after"] = Duration("10ms", "1h"),
        ["actororch.scheduler.snapshot-every"] = Number(1, 1_000_000),
        ["actororch.scheduler.keep-decisions"] = Number(0, 1_000_000_000),
    };

    /// <summary>What the executable sets itself, and from what.</summary>
    public static IReadOnlyDictionary<string, string> Own { get; } = new Dictionary<string, string>
    {
        ["actororch.store.sqlite.directory"] = "the store is in the data directory: give --data-dir",
        ["actororch.store.id"] = "the store has its own",
    };
}
