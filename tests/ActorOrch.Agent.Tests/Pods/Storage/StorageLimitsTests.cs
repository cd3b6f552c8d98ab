using ActorOrch.Agent.Pods.Isolation;
using ActorOrch.Agent.Pods.Storage;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Pods.Storage;

public sealed class StorageLimitsTests
{
    [Fact]
    public void A_pod_without_limits_is_not_measured()
    {
        Assert.Null(StorageLimits.Of(Spec(null, null)));
        // As upstream: a limit of nothing is none.
        Assert.Null(StorageLimits.Of(Spec("0", "0")));
    }

    [Theory]
    [InlineData(1 << 20, null)]
    [InlineData((1 << 20) + 1, "Usage of EmptyDir volume \"d\" exceeds the limit \"1Mi\". ")]
    public void A_volume_over_its_limit_is_told_in_upstreams_words(long used, string? message) =>
        Assert.Equal(message is null ? null : new Rejection("Evicted", message), Excess(Spec("1Mi", null), volume: used));

    [Theory]
    [InlineData(0, 2048, null)]
    [InlineData(0, 2049, "Pod ephemeral local storage usage exceeds the total limit of containers 2Ki. ")]
    [InlineData(1024, 1025, "Pod ephemeral local storage usage exceeds the total limit of containers 2Ki. ")]
    public void Volumes_count_for_the_whole_pods_limit(long volume, long container, string? message) =>
        Assert.Equal(message, Excess(Spec(null, "2Ki"), volume, container)?.Message);

    [Fact]
    public void A_container_over_its_own_limit_is_told_where_the_pod_is_within_its_own()
    {
        var spec = Spec(null, "2Ki");
        spec.Containers.Add(Container("other", "1Mi"));
        Assert.Equal("Container c exceeded its local ephemeral storage limit \"2Ki\". ", Excess(spec, container: 4096)?.Message);
    }

    [Fact]
    public void The_limits_of_init_containers_count_by_their_hungriest_moment()
    {
        var spec = Spec(null, "1Ki");
        spec.InitContainers = [Container("side", "1Ki", "Always"), Container("big", "8Ki"), Container("small", "1Ki")];
        Assert.Equal(9 * 1024, StorageLimits.Of(spec)!.Total!.Value.Value);
        spec.InitContainers.RemoveAt(1);
        Assert.Equal(2 * 1024, StorageLimits.Of(spec)!.Total!.Value.Value);
    }

    private static Rejection? Excess(V1PodSpec spec, long volume = 0, long container = 0) =>
        StorageLimits.Of(spec)!.Excess(new(new Dictionary<string, long> { ["d"] = volume }, new Dictionary<string, long> { ["c"] = container }));

    private static V1PodSpec Spec(string? sizeLimit, string? storage) => new()
    {
        Containers = [Container("c", storage)],
        Volumes = [new() { Name = "d", EmptyDir = new() { SizeLimit = sizeLimit is null ? null : new(sizeLimit) } }],
    };

    private static V1Container Container(string name, string? storage, string? restartPolicy = null) => new()
    {
        Name = name,
        RestartPolicy = restartPolicy,
        Resources = storage is null ? null : new() { Limits = new Dictionary<string, ResourceQuantity> { ["ephemeral-storage"] = new(storage) } },
    };
}
