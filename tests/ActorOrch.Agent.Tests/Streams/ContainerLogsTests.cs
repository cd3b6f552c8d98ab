using ActorOrch.Agent.Streams;
using ActorOrch.Resources.Errors;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Streams;

public sealed class ContainerLogsTests
{
    [Theory]
    [InlineData("running", null, "now")]
    [InlineData("terminated", null, "now")]
    [InlineData("terminated", "before", "now")]
    [InlineData("waiting", "before", "before")]
    [InlineData("waiting", null, null)]
    [InlineData("none", null, null)]
    public void The_log_is_that_of_the_instance_that_the_status_shows(string state, string? last, string? chosen) =>
        Assert.Equal(chosen, ContainerLogs.Choose(Status(state, last), "p", "c", previous: false));

    [Theory]
    [InlineData("running", "before")]
    [InlineData("waiting", "before")]
    public void The_previous_one_is_that_which_lastState_shows(string state, string last)
    {
        Assert.Equal(last, ContainerLogs.Choose(Status(state, last), "p", "c", previous: true));
        var refused = Assert.Throws<ApiException>(() => ContainerLogs.Choose(Status(state, null), "p", "c", previous: true));
        Assert.Equal((400, "previous terminated container \"c\" in pod \"p\" not found"), (refused.Code, refused.Message));
    }

    [Theory]
    [InlineData("ErrImagePull", "image can't be pulled")]
    [InlineData("ImagePullBackOff", "trying and failing to pull image")]
    [InlineData("InvalidImageName", "InvalidImageName")]
    [InlineData("CreateContainerConfigError", "CreateContainerConfigError")]
    [InlineData("PodInitializing", "PodInitializing")]
    public void What_a_container_waits_for_is_said(string reason, string why)
    {
        var status = new V1PodStatus { ContainerStatuses = [new() { Name = "c", State = new() { Waiting = new() { Reason = reason } } }] };
        var refused = ContainerLogs.Waiting(null, status, "p", "c");
        Assert.Equal((400, $"container \"c\" in pod \"p\" is waiting to start: {why}"), (refused.Code, refused.Message));
    }

    [Fact]
    public void Before_the_node_has_said_anything_the_spec_says_what_comes_first()
    {
        var pod = TestPods.Sleeping("p");
        Assert.EndsWith("is waiting to start: ContainerCreating", ContainerLogs.Waiting(pod, null, "p", "c").Message, StringComparison.Ordinal);
        pod.Spec.InitContainers = [TestPods.Container("i", "true")];
        Assert.EndsWith("is waiting to start: PodInitializing", ContainerLogs.Waiting(pod, null, "p", "c").Message, StringComparison.Ordinal);
        Assert.Equal("container \"c\" in pod \"p\" is not available", ContainerLogs.Waiting(pod, new() { Phase = "Failed", Reason = "OutOfcpu" }, "p", "c").Message);
    }

    private static V1PodStatus Status(string state, string? last) => state == "none" ? new() : new()
    {
        ContainerStatuses =
        [
            new()
            {
                Name = "c",
                ContainerID = "docker://now",
                State = state switch
                {
                    "running" => new() { Running = new() },
                    "terminated" => new() { Terminated = new() { ContainerID = "docker://now" } },
                    _ => new() { Waiting = new() { Reason = "why" } },
                },
                LastState = last is null ? new() : new() { Terminated = new() { ContainerID = $"docker://{last}" } },
            },
        ],
    };
}
