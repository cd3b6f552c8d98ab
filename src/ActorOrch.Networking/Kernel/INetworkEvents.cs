namespace ActorOrch.Networking.Kernel;

/// <summary>Tells those who look at this machine's Node what has happened to its network.</summary>
public interface INetworkEvents
{
    /// <summary>Never waits and never throws.</summary>
    /// <param name="reason">In CamelCase, as Kubernetes' own.</param>
    void Record(string reason, string message);
}
