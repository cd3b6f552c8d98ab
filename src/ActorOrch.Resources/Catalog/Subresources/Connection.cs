namespace ActorOrch.Resources.Catalog.Subresources;

/// <summary>Bytes between a client and what runs for an object. The gateway has a handler by the same name.</summary>
/// <param name="options">The kind of what the query says of it; null where it is read like an object, and not connected to.</param>
public sealed class Connection(string name, IReadOnlyList<string> verbs, DocumentKind? options = null) : Subresource(name, verbs, options)
{
    private static readonly QueryOption Container = new("container");
    private static readonly QueryOption[] Streams =
        [new("stdin", QueryOptionType.Flag), new("stdout", QueryOptionType.Flag), new("stderr", QueryOptionType.Flag), new("tty", QueryOptionType.Flag)];

    /// <summary>A pod's logs.</summary>
    public static readonly Connection Log = new("log", ["get"])
    {
        Options =
        [
            Container, new("follow", QueryOptionType.Flag), new("limitBytes", QueryOptionType.Number), new("previous", QueryOptionType.Flag),
            new("sinceSeconds", QueryOptionType.Number), new("sinceTime"), new("tailLines", QueryOptionType.Number), new("timestamps", QueryOptionType.Flag),
        ],
    };

    /// <summary>A command in a container.</summary>
    public static readonly Connection Exec =
        new("exec", ["create", "get"], new("", "v1", "PodExecOptions")) { Options = [.. Streams, Container, new("command", QueryOptionType.Texts)] };

    /// <summary>What a container runs.</summary>
    public static readonly Connection Attach = new("attach", ["create", "get"], new("", "v1", "PodAttachOptions")) { Options = [.. Streams, Container] };

    /// <summary>A pod's ports.</summary>
    public static readonly Connection PortForward =
        new("portforward", ["create", "get"], new("", "v1", "PodPortForwardOptions")) { Options = [new("ports", QueryOptionType.Numbers)] };

    /// <summary>The server in a pod, with any method and any path.</summary>
    public static readonly Connection PodProxy = Proxy("PodProxyOptions");

    /// <summary>The server behind a service.</summary>
    public static readonly Connection ServiceProxy = Proxy("ServiceProxyOptions");

    public override bool IsStream => true;

    public override bool TakesAnyPath => PathOption is not null;

    /// <summary>What may stand in the query.</summary>
    public IReadOnlyList<QueryOption> Options { get; init; } = [];

    /// <summary>What the options call that which follows in the path; null where nothing may.</summary>
    public string? PathOption { get; init; }

    private static Connection Proxy(string options) =>
        new("proxy", ["create", "delete", "get", "patch", "update"], new("", "v1", options)) { PathOption = "path" };
}
