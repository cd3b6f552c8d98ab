using ActorOrch.Agent.Pods.Isolation;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Pods.Isolation;

public class SeccompProfilesTests
{
    [Theory]
    [InlineData("a\0b")]
    [InlineData("")]
    [InlineData("../up.json")]
    [InlineData("none.json")]
    public async Task A_profile_that_cannot_be_had_is_told_of(string name)
    {
        var container = new V1Container { Name = "c", SecurityContext = new() { SeccompProfile = new() { Type = "Localhost", LocalhostProfile = name } } };
        var pod = new V1Pod { Spec = new() { Containers = [container] } };

        var refused = await Assert.ThrowsAsync<SeccompProfileException>(
            async () => await new SeccompProfiles("/nonexistent").OfAsync(pod, container, new() { Seccomp = true }, default));

        Assert.StartsWith("cannot load seccomp profile", refused.Message, StringComparison.Ordinal);
    }
}
