namespace ActorOrch.Resources.Catalog;

/// <summary>
/// The version of Kubernetes whose API is served: that of the models, from which the schemas come. <c>/version</c>, the published documents,
/// nodes and probes state this one.
/// </summary>
public static class KubernetesVersion
{
    public const string Major = "1";

    public const string Minor = "37";

    public const string Text = $"v{Major}.{Minor}.0";
}
