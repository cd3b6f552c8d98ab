using ActorOrch.EndToEnd.Harness;
using ActorOrch.EndToEnd.Workloads;

namespace ActorOrch.EndToEnd.Streams;

/// <summary>kubectl's exec, cp, attach and run against real containers, over both of its transports.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ExecTests(Cluster cluster) : IClassFixture<Cluster>, IAsyncLifetime
{
    private const int LargeMegabytes = 50;
    private readonly string _scratch = Directory.CreateTempSubdirectory("actororch-exec-").FullName;

    private Kubectl Kubectl => cluster.Kubectl;

    public async Task InitializeAsync()
    {
        (await Kubectl.ApplyAsync(Manifests.Pod("box", "trap \"exit 0\" TERM; sleep 3600 & wait"))).Succeeded();
        await Kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/box", "--timeout=60s");
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_scratch, recursive: true);
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Exec_has_outputs_exit_code_input_and_terminal(bool webSockets)
    {
        var transport = Transport(webSockets);

        var both = await Kubectl.RunWithEnvironmentAsync(transport, "exec", "box", "--", "sh", "-c", "echo out; echo err >&2; exit 42");
        Assert.Equal((42, "out\n"), (both.ExitCode, both.Output));
        Assert.StartsWith("err\n", both.Errors, StringComparison.Ordinal);
        Assert.Contains("command terminated with exit code 42", both.Errors, StringComparison.Ordinal);

        var input = await Kubectl.ShellAsync("printf 'one\\ntwo\\n' | $KUBECTL exec -i box -- wc -l", transport);
        Assert.Equal("2", input.Succeeded().Output.Trim());

        var early = await Kubectl.ShellAsync("yes | $KUBECTL exec -i box -- head -n 1", transport);
        Assert.Equal("y\n", early.Succeeded().Output);

        var terminal = await Kubectl.ShellAsync(
            "script -qec \"stty cols 132 rows 43; $KUBECTL exec -it box -- sh -c 'tty; sleep 0.5; stty size; exit 3'\" /dev/null < /dev/null", transport);
        Assert.Contains("/dev/pts/", terminal.Output, StringComparison.Ordinal);
        Assert.Contains("43 132", terminal.Output, StringComparison.Ordinal);
        Assert.True(terminal.ExitCode == 3, $"{terminal}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fifty_megabytes_go_in_and_come_out_whole(bool webSockets)
    {
        var file = Path.Combine(_scratch, "large");
        var line = $"head -c {LargeMegabytes}M /dev/urandom > {file}; sha256sum < {file}; $KUBECTL exec -i box -- sha256sum < {file}; $KUBECTL exec -i box -- cat < {file} | sha256sum";

        var sums = (await Kubectl.ShellAsync(line, Transport(webSockets))).Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(3, sums.Length);
        Assert.Single(sums.Distinct());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Files_are_copied_both_ways(bool webSockets)
    {
        var line = $"""
            set -e
            cd {_scratch} && mkdir -p tree/deep && head -c 3M /dev/urandom > tree/deep/blob && echo text > tree/file
            $KUBECTL cp tree box:/tmp/tree-{webSockets}
            $KUBECTL cp box:/tmp/tree-{webSockets} back
            diff -r tree back && echo same
            """;

        Assert.Contains("same", (await Kubectl.ShellAsync(line, Transport(webSockets))).Succeeded().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_with_input_ends_with_its_input_and_tells_the_exit_code(bool webSockets)
    {
        var transport = Transport(webSockets);
        var run = $"$KUBECTL run -i --rm --quiet --restart=Never --image={Machine.Image} --image-pull-policy=IfNotPresent";
        var suffix = webSockets ? "w" : "s";

        var copied = await Kubectl.ShellAsync($"echo hello | {run} copy-{suffix} -- sh -c 'cat; echo done'", transport);
        Assert.Equal("hello\ndone", copied.Succeeded().Output.Trim());

        var failed = await Kubectl.ShellAsync($"{run} fail-{suffix} -- sh -c 'sleep 1; exit 42' < /dev/null", transport);
        Assert.True(failed.ExitCode == 42, $"{failed}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Attach_shows_what_a_container_writes_and_takes_input(bool webSockets)
    {
        var name = webSockets ? "reader-w" : "reader-s";
        (await Kubectl.ApplyAsync(Manifests.Pod(name, "while read line; do echo got $line; done; sleep 3600", containerMore: "stdin: true"))).Succeeded();
        await Kubectl.OutputAsync("wait", "--for=condition=Ready", $"pod/{name}", "--timeout=60s");

        var attached = await Kubectl.ShellAsync(
            $"(for i in $(seq 100); do echo ping; sleep 0.05; done) | timeout 30 $KUBECTL attach -i {name} 2>&1 | grep -m 1 'got ping'", Transport(webSockets));

        Assert.Equal("got ping", attached.Succeeded().Output.Trim());
        Assert.Equal("0", await Kubectl.OutputAsync("get", "pod", name, "-o", "jsonpath={.status.containerStatuses[0].restartCount}"));
    }

    [Fact]
    public async Task The_container_is_the_annotated_one_the_named_one_or_an_error()
    {
        (await Kubectl.ApplyAsync($$$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: pair, annotations: {kubectl.kubernetes.io/default-container: second}}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - {name: first, image: "{{{Machine.Image}}}", imagePullPolicy: IfNotPresent, command: [sleep, "3600"], env: [{name: WHO, value: first}]}
              - {name: second, image: "{{{Machine.Image}}}", imagePullPolicy: IfNotPresent, command: [sleep, "3600"], env: [{name: WHO, value: second}]}
            """)).Succeeded();
        await Kubectl.OutputAsync("wait", "--for=condition=Ready", "pod/pair", "--timeout=60s");

        Assert.Equal("second", await Kubectl.OutputAsync("exec", "pair", "--", "sh", "-c", "echo $WHO"));
        Assert.Equal("first", await Kubectl.OutputAsync("exec", "pair", "-c", "first", "--", "sh", "-c", "echo $WHO"));
        Assert.Contains("container nope is not valid for pod pair", (await Kubectl.RunAsync("exec", "pair", "-c", "nope", "--", "true")).Failed().Errors, StringComparison.Ordinal);
        Assert.Contains("no-such-program", (await Kubectl.RunAsync("exec", "box", "--", "no-such-program")).Failed().Output, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Transport(bool webSockets) => new() { ["KUBECTL_REMOTE_COMMAND_WEBSOCKETS"] = webSockets ? "true" : "false" };
}
