namespace ActorOrch.Agent.Runtimes;

/// <summary>The image of the container that holds a pod's network namespace. The runtime sees to it that the image is there.</summary>
public static class Sandbox
{
    public const string Repository = "actororch/sandbox";
    public const string Tag = "2";
    public const string Image = $"{Repository}:{Tag}";
}
