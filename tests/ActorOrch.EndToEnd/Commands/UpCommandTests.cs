using System.Net;
using System.Net.Sockets;
using ActorOrch.EndToEnd.Harness;
using ActorOrch.Testing;

namespace ActorOrch.EndToEnd.Commands;

[Collection(EndToEndCollection.Name)]
public sealed class UpCommandTests(Machine machine)
{
    [Fact]
    public async Task Help_names_every_option_of_up()
    {
        var (exitCode, output, _) = await OneRun.OfAsync("up", "--help");
        Assert.Equal(0, exitCode);
        foreach (var option in (string[])["--data-dir", "--api-port", "--runtime", "--nodes", "--config"]) Assert.Contains(option, output);
    }

    [Fact]
    public async Task Version_prints_the_version()
    {
        var (exitCode, output, _) = await OneRun.OfAsync("--version");
        Assert.Equal(0, exitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", output);
    }

    [Theory]
    [InlineData("--api-port", "70000", "--api-port: 70000 is out of range: it must be between 1 and 65535")]
    [InlineData("--nodes", "0", "--nodes: 0 is out of range")]
    [InlineData("--runtime", "podman", "podman")]
    [InlineData("--config", "/nonexistent/file.hocon", "--config: there is no file /nonexistent/file.hocon")]
    [InlineData("--colour", "blue", "--colour")]
    public async Task A_bad_option_is_named_with_its_value(string option, string value, string expected)
    {
        var directory = Directory.CreateTempSubdirectory("actororch-e2e-");
        string[] runtime = option == "--runtime" ? [] : ["--runtime", "simulated"];
        var (exitCode, output, errors) = await OneRun.OfAsync(["up", "--data-dir", directory.FullName, .. runtime, option, value]);
        directory.Delete(recursive: true);
        Assert.NotEqual(0, exitCode);
        Assert.Contains(expected, output + errors);
    }

    [Fact]
    public async Task A_busy_port_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var directory = Directory.CreateTempSubdirectory("actororch-e2e-");
        var (exitCode, _, errors) = await OneRun.OfAsync("up", "--data-dir", directory.FullName, "--runtime", "simulated", "--api-port", $"{port}");
        directory.Delete(recursive: true);
        Assert.Equal(1, exitCode);
        Assert.Contains($"port {port} is in use", errors);
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_written_is_named()
    {
        var file = Path.GetTempFileName();
        var (exitCode, _, errors) = await OneRun.OfAsync("up", "--data-dir", Path.Combine(file, "data"), "--runtime", "simulated", "--api-port", $"{FreePorts.Next()}");
        File.Delete(file);
        Assert.Equal(1, exitCode);
        Assert.Contains(file, errors);
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_is_an_error_that_says_what_to_do()
    {
        var directory = Directory.CreateTempSubdirectory("actororch-e2e-");
        var start = OrchestratorProcess.Executable(["up", "--data-dir", directory.FullName, "--runtime", "docker", "--api-port", $"{FreePorts.Next()}"]);
        start.Environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
        var (exitCode, _, errors) = await OneRun.OfAsync(start);
        directory.Delete(recursive: true);
        Assert.Equal(1, exitCode);
        Assert.Contains("Docker's engine does not answer at unix:///nonexistent/docker.sock", errors);
    }

    [Fact]
    public async Task Term_ends_it_with_exit_code_0_and_the_kubeconfig_is_private()
    {
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(orchestrator.Kubeconfig));
        Assert.Equal(0, await orchestrator.StopAsync());
    }

    [Fact]
    public async Task Actors_are_in_the_log_by_name_at_debug_level()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "akka.loglevel = DEBUG");
        await using var orchestrator = await OrchestratorProcess.UpAsync("simulated", "--nodes", "2", "--config", file);
        var kubectl = new Kubectl(machine.Kubectl, orchestrator.Kubeconfig);
        await kubectl.OutputAsync("create", "deployment", "seen", "--image=seen:1");
        await kubectl.OutputAsync("expose", "deployment", "seen", "--port=80");
        await kubectl.OutputAsync("rollout", "status", "deployment/seen", "--timeout=60s");
        // Pods have actors of their own while something drives them away.
        await kubectl.OutputAsync("taint", "nodes", "--all", "away=now:NoExecute");

        foreach (var actor in (string[])["NodeActor", "PodActor", "ServiceActor", "DeploymentActor", "ReplicaSetActor", "SchedulerActor"])
            await Eventually.GetAsync(() => Task.FromResult(orchestrator.Output), log => log.Contains($"{actor} ", StringComparison.Ordinal) || log.Contains($"{actor}: ", StringComparison.Ordinal), actor);
        File.Delete(file);
    }
}
