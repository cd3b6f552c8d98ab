using ActorOrch.Agent.Pods.Isolation;
using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Agent.Runtimes;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Pods;

public sealed class PodAdmissionTests
{
    private static readonly RuntimeIsolation Everything = new() { Seccomp = true, SeccompByDefault = true, AppArmor = true, SELinux = true, UserNamespaces = true };

    [Fact]
    public void A_pod_that_asks_for_nothing_is_taken_by_a_node_that_has_nothing() => Assert.Null(Check(new(), new()));

    [Theory]
    [InlineData("net.ipv4.tcp_syncookies", null)]
    [InlineData("net/ipv4/tcp_syncookies", null)]
    [InlineData("kernel.msgmax", "forbidden sysctl: \"kernel.msgmax\" not allowlisted")]
    [InlineData("kernel/msgmax", "forbidden sysctl: \"kernel/msgmax\" not allowlisted")]
    [InlineData("net.ipv4.conf.all.forwarding", "forbidden sysctl: \"net.ipv4.conf.all.forwarding\" not allowlisted")]
    [InlineData("fs.mqueue.msg_max", null, "fs.mqueue.*")]
    [InlineData("fs.mqueue", "forbidden sysctl: \"fs.mqueue\" not allowlisted", "fs.mqueue.*")]
    [InlineData("kernel.sem", null, "kernel.sem")]
    public void Sysctls_are_safe_or_allowed_or_refused(string name, string? expected, params string[] allowed)
    {
        var rejection = PodAdmission.Check(Pod(new() { SecurityContext = new() { Sysctls = [new() { Name = name, Value = "1" }] } }), Everything, allowed);
        Assert.Equal(expected, rejection?.Message);
        Assert.Equal(expected is null ? null : "SysctlForbidden", rejection?.Reason);
    }

    [Theory]
    [InlineData(true, false, "forbidden sysctl: \"net.ipv4.tcp_syncookies\" not allowed with host net enabled")]
    [InlineData(false, true, "forbidden sysctl: \"kernel.shm_rmid_forced\" not allowed with host ipc enabled")]
    public void Sysctls_of_the_machines_own_namespaces_are_refused(bool network, bool ipc, string expected) => Assert.Equal(expected, Check(new()
    {
        HostNetwork = network,
        HostIPC = ipc,
        SecurityContext = new() { Sysctls = [new() { Name = network ? "net.ipv4.tcp_syncookies" : "kernel.shm_rmid_forced", Value = "1" }] },
    }, Everything)?.Message);

    [Theory]
    [InlineData("RuntimeDefault", null, true)]
    [InlineData("Localhost", "mine", true)]
    [InlineData("Unconfined", null, false)]
    public void A_profile_of_AppArmor_needs_AppArmor_on_the_pod_and_on_the_container(string type, string? name, bool refused)
    {
        var profile = new V1AppArmorProfile { Type = type, LocalhostProfile = name };
        var onPod = Pod(new() { SecurityContext = new() { AppArmorProfile = profile } });
        var onContainer = Pod(new() { InitContainers = [new() { Name = "init", SecurityContext = new() { AppArmorProfile = profile } }] });
        var expected = refused ? "Cannot enforce AppArmor: AppArmor is not enabled on the host" : null;
        foreach (var pod in (V1Pod[])[onPod, onContainer])
        {
            Assert.Equal(expected, PodAdmission.Check(pod, Everything with { AppArmor = false }, [])?.Message);
            Assert.Null(PodAdmission.Check(pod, Everything, []));
        }
    }

    [Theory]
    [InlineData("localhost/mine", "mine", true)]
    [InlineData("runtime/default", null, true)]
    [InlineData("unconfined", "unconfined", false)]
    [InlineData("", null, false)]
    public void The_annotation_says_what_the_field_says(string value, string? engine, bool required)
    {
        var pod = Pod(new());
        pod.Metadata.Annotations = new Dictionary<string, string> { ["container.apparmor.security.beta.kubernetes.io/main"] = value };
        Assert.Equal((engine, required), (AppArmor.Profile(pod, pod.Spec.Containers[0]), AppArmor.IsRequired(pod)));
    }

    [Fact]
    public void A_containers_profile_of_AppArmor_goes_before_its_pods_and_either_before_the_annotation()
    {
        var pod = Pod(new() { SecurityContext = new() { AppArmorProfile = new() { Type = "Localhost", LocalhostProfile = "pods" } } });
        pod.Metadata.Annotations = new Dictionary<string, string> { ["container.apparmor.security.beta.kubernetes.io/main"] = "unconfined" };
        Assert.Equal("pods", AppArmor.Profile(pod, pod.Spec.Containers[0]));
        pod.Spec.Containers[0].SecurityContext = new() { AppArmorProfile = new() { Type = "Localhost", LocalhostProfile = "own" } };
        Assert.Equal("own", AppArmor.Profile(pod, pod.Spec.Containers[0]));
    }

    [Fact]
    public void A_pod_of_another_operating_system_is_refused()
    {
        Assert.Equal(new("PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS"), Check(new() { Os = new() { Name = "windows" } }, Everything));
        Assert.Null(Check(new() { Os = new() { Name = "linux" } }, Everything));
    }

    [Theory]
    [InlineData(1000L, 1000L, false)]
    [InlineData(1000L, null, true)]
    [InlineData(null, 1000L, true)]
    public void Strict_groups_need_a_user_and_a_group(long? user, long? group, bool refused)
    {
        var context = new V1PodSecurityContext { SupplementalGroupsPolicy = "Strict", RunAsUser = user, RunAsGroup = group };
        Assert.Equal(refused ? "SupplementalGroupsPolicyNotSupported" : null, Check(new() { SecurityContext = context }, Everything)?.Reason);
    }

    [Fact]
    public void Only_users_of_its_own_can_be_had_where_the_engine_has_them()
    {
        var pod = Pod(new() { HostUsers = false });
        Assert.Equal("can't set `spec.hostUsers: false`, runtime does not support user namespaces", SandboxCheck.Obstacle(pod, Everything with { UserNamespaces = false }));
        Assert.Null(SandboxCheck.Obstacle(pod, Everything));
    }

    [Fact]
    public void A_whole_name_that_the_kernel_cannot_keep_is_an_obstacle()
    {
        var pod = Pod(new() { Subdomain = new('s', 40), SetHostnameAsFQDN = true });
        Assert.Contains("is too long (64 characters is the max, 70 characters requested)", SandboxCheck.Obstacle(pod, Everything), StringComparison.Ordinal);
        pod.Spec.SetHostnameAsFQDN = false;
        Assert.Null(SandboxCheck.Obstacle(pod, Everything));
    }

    [Fact]
    public void Huge_pages_are_not_made_of_others()
    {
        var pod = Pod(new() { Volumes = [new() { Name = "huge", EmptyDir = new() { Medium = "HugePages-2Mi" } }] });
        Assert.Equal("MountVolume.SetUp failed for volume \"huge\" : medium HugePages-2Mi is not supported by this node", SandboxCheck.Obstacle(pod, Everything));
    }

    private static Rejection? Check(V1PodSpec spec, RuntimeIsolation isolation) => PodAdmission.Check(Pod(spec), isolation, []);

    private static V1Pod Pod(V1PodSpec spec)
    {
        spec.Containers = [new() { Name = "main", Image = "i" }];
        return new() { Metadata = new() { Name = "web", NamespaceProperty = "default" }, Spec = spec };
    }
}
