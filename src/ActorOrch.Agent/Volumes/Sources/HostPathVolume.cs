using ActorOrch.Agent.Files;
using k8s.Models;

namespace ActorOrch.Agent.Volumes.Sources;

/// <summary>A path of the machine, which stays as it is when the pod goes.</summary>
internal sealed class HostPathVolume : IVolumeSource
{
    public string Name => "hostPath";
    public string? Directory => null;
    public bool IsReadOnly => false;

    public void Prepare(PodVolume volume) => HostPaths.Prepare(volume.Volume.HostPath);

    public string Mount(PodVolume volume) => volume.Volume.HostPath.Path;

    public Descriptor? Find(PodDirectories directories, V1Pod pod, V1Volume volume) => Descriptor.FindPath(volume.HostPath.Path);
}
