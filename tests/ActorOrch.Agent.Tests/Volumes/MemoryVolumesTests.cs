using ActorOrch.Agent.Volumes;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Volumes;

public class MemoryVolumesTests
{
    private const long Node = 8L << 30;

    [Theory]
    // Without a limit of anybody: half of the node.
    [InlineData(null, new string?[] { null }, new string[0], Node / 2)]
    [InlineData("0", new string?[] { null }, new string[0], Node / 2)]
    [InlineData("9Ei", new string?[] { null }, new string[0], Node / 2)]
    [InlineData("1Gi", new string?[] { null }, new string[0], 1L << 30)]
    [InlineData("1n", new string?[] { null }, new string[0], 1)]
    // The containers' limits together, if each has one; never more than the node.
    [InlineData(null, new[] { "1Gi", "2Gi" }, new string[0], 3L << 30)]
    [InlineData("0", new[] { "6Gi" }, new string[0], 6L << 30)]
    [InlineData("2Gi", new[] { "1Gi" }, new string[0], 1L << 30)]
    [InlineData("512Mi", new[] { "1Gi" }, new string[0], 512L << 20)]
    [InlineData(null, new[] { "1Gi", null }, new string[0], Node / 2)]
    [InlineData(null, new[] { "8Ei" }, new string[0], Node)]
    [InlineData("9Ei", new[] { "7Ei", "7Ei" }, new string[0], Node)]
    [InlineData(null, new[] { "0" }, new string[0], Node / 2)]
    // Containers that come before run beside none but sidecars.
    [InlineData(null, new[] { "1Gi" }, new[] { "2Gi", "3Gi" }, 3L << 30)]
    [InlineData(null, new[] { "1Gi" }, new[] { "1Gi Always", "1Gi" }, 2L << 30)]
    [InlineData(null, new[] { "1Gi" }, new[] { "" }, Node / 2)]
    public void It_is_the_smallest_of_all_limits(string? sizeLimit, string?[] containers, string[] inits, long expected)
    {
        var volume = new V1Volume { Name = "v", EmptyDir = new() { Medium = "Memory", SizeLimit = sizeLimit is null ? null : new(sizeLimit) } };
        var pod = new V1Pod { Spec = new() { Containers = [.. containers.Select(Container)], InitContainers = [.. inits.Select(Container)] } };
        Assert.Equal(expected, MemoryVolumes.Size(pod, volume, Node));
    }

    [Fact]
    public void Of_a_node_whose_memory_is_not_known_the_volumes_own_limit_is_all_there_is()
    {
        var pod = new V1Pod { Spec = new() { Containers = [Container(null)] } };
        Assert.Equal(0, MemoryVolumes.Size(pod, new() { Name = "v", EmptyDir = new() { Medium = "Memory" } }, 0));
        Assert.Equal(4096, MemoryVolumes.Size(pod, new() { Name = "v", EmptyDir = new() { Medium = "Memory", SizeLimit = new("4Ki") } }, 0));
    }

    private static V1Container Container(string? memory)
    {
        var parts = (memory ?? "").Split(' ');
        return new()
        {
            Name = "c",
            RestartPolicy = parts.Length > 1 ? parts[1] : null,
            Resources = parts[0].Length == 0 ? null : new() { Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new(parts[0]) } },
        };
    }
}
