using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Registry.Collections;
using k8s.Models;

namespace ActorOrch.Agent.Volumes;

/// <summary>What all sources of volumes find on the machine.</summary>
internal sealed class VolumeMachine(PodDirectories directories, IRegistry registry, IServiceAccountTokens? tokens, TimeProvider time)
{
    public const string CannotMount = "the agent has to run as root, with its directory in a mount that it shares with the engine, to mount it where the engine sees it";

    public PodDirectories Directories => directories;
    public IRegistry Registry => registry;

    /// <summary>Null where the cluster issues none.</summary>
    public IServiceAccountTokens? Tokens => tokens;
    public TimeProvider Time => time;

    /// <inheritdoc cref="VolumeManager.CanMount"/>
    public bool CanMount { get; set; }
}

/// <summary>A volume of a pod, and where it is.</summary>
internal sealed record PodVolume(PodContext Context, V1Volume Volume, VolumeMachine Machine)
{
    public V1Pod Pod => Context.Pod;
    public string Uid => Pod.Metadata.Uid;
    public string Name => Volume.Name;

    /// <summary>The pod's <c>fsGroup</c>; null without one. An agent without privileges gives files to nobody.</summary>
    public uint? Group => Environment.IsPrivilegedProcess ? (uint?)Pod.Spec.SecurityContext?.FsGroup : null;
}
