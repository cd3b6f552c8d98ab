using ActorOrch.Agent.Volumes;

namespace ActorOrch.Agent.Tests.Volumes;

public class SizeLimitTests
{
    [Theory]
    [InlineData("1n", 1)]
    [InlineData("100m", 1)]
    [InlineData("1500m", 2)]
    [InlineData("64Mi", 64 << 20)]
    [InlineData("0", 0)]
    [InlineData("9000P", 9_000_000_000_000_000_000)]
    [InlineData("9E", 9_000_000_000_000_000_000)]
    [InlineData("1000E", long.MaxValue)]
    public void A_limit_never_becomes_none(string limit, long bytes) =>
        Assert.Equal(bytes, MemoryVolumes.SizeLimit(new() { Name = "v", EmptyDir = new() { Medium = "Memory", SizeLimit = new(limit) } }));

    [Fact]
    public void Without_one_there_is_none() => Assert.Equal(0, MemoryVolumes.SizeLimit(new() { Name = "v", EmptyDir = new() { Medium = "Memory" } }));
}
