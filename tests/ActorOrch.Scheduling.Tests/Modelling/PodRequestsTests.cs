using ActorOrch.Scheduling.Modelling;

namespace ActorOrch.Scheduling.Tests.Modelling;

public class PodRequestsTests
{
    [Fact]
    public void Init_containers_count_by_their_hungriest_moment()
    {
        var requests = PodRequests.Of(Samples.Spec("""
            {"initContainers":[{"name":"a","resources":{"requests":{"cpu":"2"}}},{"name":"b","resources":{"requests":{"cpu":"500m"}}}],
             "containers":[{"name":"c","resources":{"requests":{"cpu":"700m","memory":"1Gi"}}},{"name":"d","resources":{"requests":{"cpu":"300m"}}}]}
            """)).Requests;
        Assert.Equal(2000, requests.MilliCpu);
        Assert.Equal(1L << 30, requests.Memory);
    }

    [Fact]
    public void Sidecars_run_beside_the_init_containers_after_them_and_beside_the_containers()
    {
        var requests = PodRequests.Of(Samples.Spec("""
            {"initContainers":[{"name":"a","resources":{"requests":{"cpu":"1"}}},
                               {"name":"s","restartPolicy":"Always","resources":{"requests":{"cpu":"400m"}}},
                               {"name":"b","resources":{"requests":{"cpu":"900m"}}}],
             "containers":[{"name":"c","resources":{"requests":{"cpu":"500m"}}}]}
            """)).Requests;
        Assert.Equal(1300, requests.MilliCpu);
    }

    [Fact]
    public void Overhead_and_extended_resources_are_added()
    {
        var requests = PodRequests.Of(Samples.Spec("""
            {"overhead":{"cpu":"250m","memory":"64Mi"},"containers":[
              {"name":"c","resources":{"requests":{"cpu":"1","example.com/gpu":"2","ephemeral-storage":"1G"}}},
              {"name":"d","resources":{"requests":{"example.com/gpu":"1"}}}]}
            """)).Requests;
        Assert.Equal(1250, requests.MilliCpu);
        Assert.Equal(64L << 20, requests.Memory);
        Assert.Equal(1_000_000_000, requests.EphemeralStorage);
        Assert.Equal(3, requests.Extended["example.com/gpu"]);
    }

    [Fact]
    public void Containers_that_ask_for_nothing_weigh_something_when_nodes_are_compared()
    {
        var requests = PodRequests.Of(Samples.Spec("""{"containers":[{"name":"c"},{"name":"d","resources":{"requests":{"cpu":"50m"}}}]}"""));
        Assert.Equal(50, requests.Requests.MilliCpu);
        Assert.Equal(150, requests.Scored.MilliCpu);
        Assert.Equal(400L << 20, requests.Scored.Memory);
    }
}
