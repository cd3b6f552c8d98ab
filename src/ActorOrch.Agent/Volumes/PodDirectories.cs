namespace ActorOrch.Agent.Volumes;

/// <summary>Where the agent keeps what belongs to pods: <c>DATA-DIR/pods/UID/…</c>.</summary>
public sealed class PodDirectories(string dataDirectory)
{
    public string All { get; } = Path.Combine(Path.GetFullPath(dataDirectory), "pods");

    public string Pod(string uid) => Path.Combine(All, uid);

    /// <summary>As the kubelet lays them out: <c>volumes/kubernetes.io~empty-dir/NAME</c>.</summary>
    public string Volume(string uid, string kind, string name) => Path.Combine(Pod(uid), "volumes", $"kubernetes.io~{kind}", name);

    public string TerminationMessage(string uid, string container, int attempt) => Path.Combine(Pod(uid), "containers", container, $"{attempt}");

    public string Hosts(string uid) => Path.Combine(Pod(uid), "etc-hosts");

    public string ResolvConf(string uid) => Path.Combine(Pod(uid), "resolv.conf");
}
