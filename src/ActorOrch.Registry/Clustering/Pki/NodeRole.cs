namespace ActorOrch.Registry.Clustering.Pki;

/// <summary>What a process's certificate entitles it to, whatever it says of itself.</summary>
public enum NodeRole
{
    /// <summary>Runs pods: follows the collections that this needs, and speaks for the node that its certificate names.</summary>
    Worker,

    /// <summary>Owns collections, reconciles and schedules; may run pods, too.</summary>
    ControlPlane,
}

/// <summary>The roles' names, as certificates, options and <c>akka.cluster.roles</c> have them.</summary>
public static class NodeRoles
{
    public const string Worker = "worker";
    public const string ControlPlane = "control-plane";

    public static string NameOf(NodeRole role) => role == NodeRole.ControlPlane ? ControlPlane : Worker;

    /// <summary>Null for a name that is none.</summary>
    public static NodeRole? Find(string name) => name switch
    {
        ControlPlane => NodeRole.ControlPlane,
        Worker => NodeRole.Worker,
        _ => null,
    };

    /// <summary>Whether a process with a certificate of this role may have these roles in the cluster.</summary>
    public static bool Allows(NodeRole role, IEnumerable<string> clusterRoles) => role == NodeRole.ControlPlane || clusterRoles.All(r => r == Worker);
}
