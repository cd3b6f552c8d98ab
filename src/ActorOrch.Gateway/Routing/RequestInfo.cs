namespace ActorOrch.Gateway.Routing;

/// <summary>
/// What a request asks for, read off its method and URL as upstream's <c>RequestInfo</c> does; nothing is looked up.
/// </summary>
internal readonly record struct RequestInfo
{
    public RequestInfo()
    {
    }

    public bool IsResource { get; init; }

    /// <summary>
    /// Of resources: <c>get</c>, <c>list</c>, <c>watch</c>, <c>create</c>, <c>update</c>, <c>patch</c>, <c>delete</c>,
    /// <c>deletecollection</c>. Of other paths, and of methods without a verb: the method in lower case.
    /// </summary>
    public string Verb { get; init; } = "";

    /// <summary>Of resources as it came; of other paths unescaped.</summary>
    public string Path { get; init; } = "";

    /// <summary>Of resources: where in <see cref="Path"/> that begins which follows the subresource; its length where nothing does.</summary>
    public int RestAt { get; init; }

    public string Group { get; init; } = "";
    public string Version { get; init; } = "";
    public string Namespace { get; init; } = "";
    public string Resource { get; init; } = "";
    public string Name { get; init; } = "";
    public string Subresource { get; init; } = "";

    /// <summary>What follows the subresource as it came, escapes and all, as in <c>…/proxy/some/path</c>.</summary>
    public string Rest { get; init; } = "";
}
