namespace ActorOrch.Agent;

/// <summary>The labels every container carries: enough to adopt it after the agent has restarted, without any file beside it.</summary>
public static class ContainerLabels
{
    /// <summary>The node whose agent owns the container.</summary>
    public const string Node = "actororch.node";

    /// <summary>The store that said the container was to be: only its word ends it.</summary>
    public const string Store = "actororch.store";

    /// <summary><c>container</c>, <c>init</c> or <c>sandbox</c>.</summary>
    public const string Role = "actororch.role";

    /// <summary>How many containers of that name the pod had before this one.</summary>
    public const string Attempt = "actororch.attempt";

    /// <summary>Changes with every field of the container's spec that needs a new container.</summary>
    public const string SpecHash = "actororch.spec-hash";

    public const string Address4 = "actororch.pod-ip4";
    public const string Address6 = "actororch.pod-ip6";

    /// <summary>Where the agent finds the termination message, on the host.</summary>
    public const string TerminationMessage = "actororch.termination-message";

    public const string PodName = "io.kubernetes.pod.name";
    public const string PodNamespace = "io.kubernetes.pod.namespace";
    public const string PodUid = "io.kubernetes.pod.uid";
    public const string ContainerName = "io.kubernetes.container.name";

    public const string RoleContainer = "container";
    public const string RoleInit = "init";
    public const string RoleSandbox = "sandbox";

    /// <summary>The name of the container that holds the namespace of a pod of several.</summary>
    public const string SandboxName = "POD";
}
