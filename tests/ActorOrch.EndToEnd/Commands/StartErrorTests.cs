using System.Net;
using System.Net.Sockets;
using ActorOrch.EndToEnd.Harness;
using ActorOrch.Testing;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace ActorOrch.EndToEnd.Commands;

/// <summary>What keeps the executable from starting is said in one line that names it, its value and what to do, and ends it with exit code 1.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class StartErrorTests
{
    [Theory]
    [InlineData("""actororch.node.name = "Bad_Name" """, "actororch.node.name: \"Bad_Name\" cannot be used: it is no name for a node: a lowercase RFC 1123 subdomain must consist of")]
    [InlineData("""actororch.node.name = "a..b" """, "actororch.node.name: \"a..b\" cannot be used: it is no name for a node")]
    [InlineData("""actororch.node.name = "this-name-is-longer-than-any-label-may-be-and-so-it-cannot-be-given-1" """, "it is longer than 63 characters")]
    [InlineData("""actororch.node.addresses = ["here"]""", "actororch.node.addresses: \"here\" cannot be used: it must be an IP address")]
    [InlineData("""actororch.node.addresses = ["192.0.2.1", "192.0.2.2"]""", "actororch.node.addresses: \"192.0.2.2\" cannot be used: there is another of its family already")]
    [InlineData("actororch.node.max-pods = many", "actororch.node.max-pods: \"many\" cannot be used: it must be a whole number between 1 and 10000")]
    [InlineData("actororch.node.max-pods = 0", "actororch.node.max-pods: \"0\" cannot be used: it must be a whole number between 1 and 10000")]
    [InlineData("actororch.node.max-pods = 99999999999", "actororch.node.max-pods: \"99999999999\" cannot be used")]
    [InlineData("actororch.node.seccomp-profiles = relative", "actororch.node.seccomp-profiles: \"relative\" cannot be used: it must be the whole path of a directory")]
    [InlineData("actororch.node.allowed-unsafe-sysctls = { a = b }", "actororch.node.allowed-unsafe-sysctls must be a list")]
    [InlineData("actororch.network.api-address = everywhere", "actororch.network.api-address: \"everywhere\" cannot be used: it must be an IP address")]
    [InlineData("""actororch.network.bridge = "two words" """, "actororch.network.bridge: \"two words\" cannot be used")]
    [InlineData("""actororch.network.table = "9; flush ruleset" """, "actororch.network.table: \"9; flush ruleset\" cannot be used")]
    [InlineData("""actororch.network.service-cidrs = ["10.96.0.0"]""", "actororch.network.service-cidrs: \"10.96.0.0\" cannot be used: it must be an address range")]
    [InlineData("""actororch.network.service-cidrs = ["10.96.0.0/40"]""", "actororch.network.service-cidrs: \"10.96.0.0/40\" cannot be used: it must be an address range")]
    [InlineData("""actororch.network.service-cidrs = ["10.96.0.1/16"]""", "the address has bits beyond its prefix: it would be 10.96.0.0/16")]
    [InlineData("actororch.network.service-cidrs = []", "actororch.network.service-cidrs: \"[]\" cannot be used: it must name at least one address range")]
    [InlineData("""actororch.network.service-cidrs = ["10.244.128.0/17"]""", "it overlaps with actororch.network.pod-cidrs (10.244.0.0/16)")]
    [InlineData("""actororch.network.local-pod-cidrs = ["10.99.0.0/24"]""", "actororch.network.local-pod-cidrs: \"10.99.0.0/24\" cannot be used: it must lie within actororch.network.pod-cidrs")]
    [InlineData("""actororch.network.local-pod-cidrs = ["10.244.0.0/31"]""", "there is no room for a pod in it")]
    [InlineData("actororch.scheduler.scoring-strategy = Random", "actororch.scheduler.scoring-strategy must be MostAllocated or LeastAllocated, not \"Random\"")]
    [InlineData("actororch.scheduler.retell-after = soon", "actororch.scheduler.retell-after: \"soon\" cannot be used: it must be a duration")]
    [InlineData("actororch.registry.history.memory.bytes = lots", "actororch.registry.history.memory.bytes: \"lots\" cannot be used: it must be a size")]
    [InlineData("actororch.registry.shards = few", "actororch.registry.shards: \"few\" cannot be used: it must be a whole number")]
    [InlineData("actororch.nodes.heartbeat-grace = [1]", "actororch.nodes.heartbeat-grace must be a duration between 1s and 365d")]
    [InlineData("actororch.store.provider = oracle", "actororch.store.provider")]
    [InlineData("actororch { node {", "is not HOCON")]
    [InlineData("actororch.node.name = [", "is not HOCON")]
    [InlineData("= = =", "is not HOCON")]
    [InlineData("actororch.node.name = ${actororch.node.name}x", "${actororch.node.name} stands for itself")]
    [InlineData("include \"/etc/hosts\"", "the include in line 1 is not supported")]
    [InlineData("actororch = 5", "actororch must be a section")]
    [InlineData("actororch.network = []", "actororch.network must be a section")]
    [InlineData("actororch.network.pod-cidrs = [[]]", "actororch.network.pod-cidrs must be a list of texts")]
    [InlineData("actororch.network.pod-cidrs = [{}]", "actororch.network.pod-cidrs must be a list of texts")]
    [InlineData("actororch.node.nmae = a", "actororch.node.nmae: there is no such setting")]
    [InlineData("actororch.nosuch { a = b }", "actororch.nosuch: there is no such setting")]
    [InlineData("akka = 5", "akka must be a section")]
    [InlineData("akka.cluster = x", "akka.cluster must be a section")]
    [InlineData("akka.cluster.seed-nodes = \"akka.tcp://actororch@10.0.0.1:4053\"", "akka.cluster.seed-nodes must be a list")]
    [InlineData("akka.cluster.roles = [nonsense]", "akka.cluster.roles: \"nonsense\" cannot be used: it must be control-plane or worker")]
    [InlineData("akka.cluster.roles = []", "akka.cluster.roles must name at least one of")]
    [InlineData("akka.loglevel = FOO", "the configuration cannot be used: Unknown LogLevel: \"FOO\"")]
    [InlineData("akka.actor.provider = nonsense", "the configuration cannot be used: 'akka.actor.provider' is not a valid type name")]
    [InlineData("akka.cluster.gossip-interval = x", "the configuration cannot be used: ")]
    [InlineData("akka.cluster.failure-detector.heartbeat-interval = -1", "the configuration cannot be used: ")]
    [InlineData("akka.scheduler.implementation = \"No.Such, Thing\"", "the configuration cannot be used: ")]
    [InlineData("akka.cluster.gossip-interval = 0s", "akka.cluster.gossip-interval: \"0s\" cannot be used: it must be a duration")]
    [InlineData("akka.actor.serializers.x = \"No.Such\"", "akka.actor.serializers.x: \"No.Such\" cannot be used: it must be the name of a class that is a Serializer")]
    [InlineData("akka.persistence.journal.plugin = nosuch", "akka.persistence.journal.plugin: \"nosuch\" cannot be used: it must be the path of a plugin's section")]
    [InlineData("akka.persistence.snapshot-store.plugin = []", "akka.persistence.snapshot-store.plugin: \"\" cannot be used: it must be the path of a plugin's section")]
    [InlineData("actororch.cluster.tls.worker-rules.x = \"No.Such\"", "actororch.cluster.tls.worker-rules.x: \"No.Such\" cannot be used: it must be the name of a class that is a IWorkerRule")]
    [InlineData("actororch.store.sqlite.directory = \"/elsewhere\"", "actororch.store.sqlite.directory cannot be set: the store is in the data directory: give --data-dir")]
    [InlineData("actororch.secrets.key-file = []", "actororch.secrets.key-file must be a text")]
    [InlineData("actororch.events.age = infinite", "actororch.events.age: \"infinite\" cannot be used: it must be a duration between 1s and 36500d")]
    public async Task A_setting_that_cannot_be_used_is_named(string setting, string expected)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, setting);
        var error = await ErrorOfAsync("--runtime", "simulated", "--config", file);
        File.Delete(file);
        Assert.Contains(expected, error);
    }

    [Fact]
    public async Task A_setting_of_the_environment_is_named_too() =>
        Assert.Contains("actororch.node.max-pods: \"many\" cannot be used",
            await ErrorOfAsync(start => start.Environment["ACTORORCH__ACTORORCH__NODE__MAX_PODS"] = "many", "--runtime", "simulated"));

    [Theory]
    [InlineData("")]
    [InlineData("pki")]
    [InlineData("nodes")]
    [InlineData("journal.db")]
    public async Task What_another_user_made_in_the_data_directory_is_named(string entry)
    {
        var directory = Directory.CreateTempSubdirectory("actororch-e2e-");
        var path = Path.Combine(directory.FullName, entry);
        if (entry.EndsWith(".db", StringComparison.Ordinal)) await File.WriteAllTextAsync(path, "");
        else Directory.CreateDirectory(path);
        using (var chown = System.Diagnostics.Process.Start("chown", ["65534", path])) await chown.WaitForExitAsync();
        Assert.Contains($"{path.TrimEnd('/')} belongs to another user (uid 65534)", await ErrorOfAsync("--runtime", "simulated", "--data-dir", directory.FullName));
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var nowhere = Path.Combine(Path.GetTempPath(), $"actororch-e2e-{Guid.NewGuid():n}");
        Assert.Contains($"port {port} is in use: choose another with --api-port", await ErrorOfAsync("--runtime", "simulated", "--api-port", $"{port}", "--data-dir", nowhere));
        Assert.False(Path.Exists(nowhere));
    }

    [Theory]
    [InlineData("unix:///nonexistent/docker.sock", "Docker's engine does not answer at unix:///nonexistent/docker.sock")]
    [InlineData("tcp://127.0.0.1:1", "Docker's engine does not answer at tcp://127.0.0.1:1")]
    [InlineData("docker", "DOCKER_HOST: \"docker\" is not the address of an engine")]
    [InlineData("ssh://elsewhere", "DOCKER_HOST: \"ssh://elsewhere\" is not the address of an engine")]
    public async Task An_engine_that_cannot_be_reached_is_named(string host, string expected) =>
        Assert.Contains(expected, await ErrorOfAsync(start => start.Environment["DOCKER_HOST"] = host, "--runtime", "docker"));

    [Theory]
    [InlineData("")]
    [InlineData("/below")]
    public async Task A_data_directory_that_is_a_file_is_named(string below)
    {
        var file = Path.GetTempFileName();
        var error = await ErrorOfAsync("--data-dir", file + below, "--runtime", "simulated");
        File.Delete(file);
        Assert.Contains(below.Length == 0 ? $"the data directory {file} is a file, not a directory" : $"the data directory {file}{below} cannot be made: {file} is a file, not a directory\n", error + "\n");
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_written_is_named() =>
        Assert.Contains("the data directory /proc/actororch cannot be made: /proc takes no directories", await ErrorOfAsync("--data-dir", "/proc/actororch", "--runtime", "simulated"));

    [Fact]
    public async Task A_data_directory_that_is_full_of_something_else_is_named_and_left_as_it_is()
    {
        const UnixFileMode open = (UnixFileMode)0b110_100_100;
        var directory = Directory.CreateTempSubdirectory("actororch-e2e-");
        var file = Path.Combine(directory.FullName, "thesis.txt");
        await File.WriteAllTextAsync(file, "mine");
        File.SetUnixFileMode(file, open);
        directory.UnixFileMode = open | UnixFileMode.UserExecute | UnixFileMode.OtherExecute;
        var mode = directory.UnixFileMode;
        var chapters = directory.CreateSubdirectory("chapters").FullName;

        Assert.Contains($"the data directory {directory.FullName} holds other directories and no cluster (there is chapters in it)", await ErrorOfAsync("--data-dir", directory.FullName, "--runtime", "simulated"));

        Assert.Equal(open, File.GetUnixFileMode(file));
        directory.Refresh();
        Assert.Equal(mode, directory.UnixFileMode);
        Assert.Equal([chapters, file], Directory.GetFileSystemEntries(directory.FullName).Order(StringComparer.Ordinal));
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_file_that_lies_in_the_data_directory_stays_as_it_is()
    {
        const UnixFileMode open = (UnixFileMode)0b110_100_100;
        var directory = Directory.CreateTempSubdirectory("actororch-e2e-");
        var log = Path.Combine(directory.FullName, "up.log");
        await File.WriteAllTextAsync(log, "mine");
        File.SetUnixFileMode(log, open);

        await using (await OrchestratorProcess.UpWithFilesAsync("simulated", directory.FullName, ["up.log"]))
            Assert.Equal(("mine", open), (await File.ReadAllTextAsync(log), File.GetUnixFileMode(log)));
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_process_that_has_the_data_directory_is_named()
    {
        await using var first = await OrchestratorProcess.UpAsync("simulated");
        Assert.Contains($"another actororch (pid {first.ProcessId}) is running on {first.DataDirectory}", await ErrorOfAsync("--data-dir", first.DataDirectory, "--runtime", "simulated"));
    }

    [Fact]
    public async Task A_cluster_that_has_the_machines_network_is_named_and_goes_on_and_a_killed_one_has_nothing()
    {
        var nowhere = Path.Combine(Path.GetTempPath(), $"actororch-e2e-{Guid.NewGuid():n}");
        await using var first = await OrchestratorProcess.UpAsync("docker");
        var error = await ErrorOfAsync("--data-dir", nowhere, "--runtime", "docker");
        Assert.Contains($"another actororch (pid {first.ProcessId}) with the data directory {first.DataDirectory} has the nftables table \"actororch\" of this machine", error);
        foreach (var setting in (string[])["actororch.network.bridge", "table", "service-cidrs", "pod-cidrs", "local-pod-cidrs"]) Assert.Contains(setting, error);
        Assert.False(Path.Exists(nowhere));

        await first.KillAsync();
        await using var second = await OrchestratorProcess.UpAsync("docker");
        Assert.Contains("Ready", second.Output);
    }

    [Theory]
    [InlineData("unix:///nonexistent/docker.sock")]
    [InlineData("tcp://127.0.0.1:1")]
    public async Task Where_the_engine_is_away_no_data_directory_is_left(string host)
    {
        var nowhere = Path.Combine(Path.GetTempPath(), $"actororch-e2e-{Guid.NewGuid():n}");
        await ErrorOfAsync(start => start.Environment["DOCKER_HOST"] = host, "--data-dir", nowhere, "--runtime", "docker");
        Assert.False(Path.Exists(nowhere));
    }

    [Fact]
    public async Task A_range_that_another_network_has_is_named()
    {
        const string name = "actororch-e2e-overlap";
        using var client = new DockerClientBuilder().WithEndpoint(new("unix:///var/run/docker.sock")).Build();
        var other = (await client.Networks.CreateNetworkAsync(new() { Name = name, Driver = "bridge", IPAM = new() { Config = [new IPAMConfig { Subnet = "10.251.7.0/24" }] } })).ID;
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """
            actororch.network {
              bridge = "aooverlap"
              service-cidrs = ["10.109.0.0/16"]
              pod-cidrs = ["10.251.0.0/16"]
              local-pod-cidrs = ["10.251.7.0/25"]
            }
            """);
        try
        {
            var error = await ErrorOfAsync("--runtime", "docker", "--config", file);
            Assert.Contains("the engine cannot make the network \"aooverlap\" with 10.251.7.0/25: Error response from daemon: ", error);
            Assert.Contains("choose another range (actororch.network.local-pod-cidrs", error);
        }
        finally
        {
            await client.Networks.DeleteNetworkAsync(other);
            File.Delete(file);
        }
    }

    private static Task<string> ErrorOfAsync(params string[] arguments) => ErrorOfAsync(_ => { }, arguments);

    /// <summary>The one line that it ends with.</summary>
    private static async Task<string> ErrorOfAsync(Action<System.Diagnostics.ProcessStartInfo> set, params string[] arguments)
    {
        var directory = Directory.CreateTempSubdirectory("actororch-e2e-");
        string[] all =
        [
            "up",
            .. arguments.Contains("--data-dir") ? Array.Empty<string>() : ["--data-dir", directory.FullName],
            .. arguments.Contains("--api-port") ? Array.Empty<string>() : ["--api-port", $"{FreePorts.Next()}"],
            .. arguments,
        ];
        var start = OrchestratorProcess.Executable(all);
        set(start);
        var (exitCode, output, errors) = await OneRun.OfAsync(start);
        directory.Delete(recursive: true);
        Assert.True(exitCode == 1, $"exit code {exitCode}: {output}{errors}");
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("actororch: ", line);
        Assert.DoesNotContain("   at ", output + errors);
        return line;
    }
}
