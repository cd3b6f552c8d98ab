using ActorOrch.Agent.Files;
using k8s.Models;

namespace ActorOrch.Agent.Volumes;

/// <summary>
/// One source of volumes, a field of <c>core/v1 Volume</c>; its place is a line of <see cref="VolumeSources"/>. Called for one pod by its
/// worker alone, one call at a time: <see cref="Prepare"/>, <see cref="Mount"/> and <see cref="UpdateAsync"/> when the pod starts, the last
/// again whenever something that the pod refers to has changed. All of them may come again for a volume that is there already, from an agent
/// that knows nothing of it. A volume that cannot be made is a <see cref="VolumeException"/>.
/// </summary>
internal interface IVolumeSource
{
    /// <summary>The field's name.</summary>
    string Name { get; }

    /// <summary>The directory of its volumes below a pod's, as the kubelet names it after <c>kubernetes.io~</c>; null where they have none of their own.</summary>
    string? Directory { get; }

    /// <summary>Whether containers read it and never write it, whatever they ask for.</summary>
    bool IsReadOnly { get; }

    /// <summary>What has to be so before it can be mounted.</summary>
    void Prepare(PodVolume volume)
    {
    }

    /// <summary>Makes it, or finds it as it was made. Returns its path on this machine.</summary>
    string Mount(PodVolume volume);

    /// <summary>Writes what has changed of that which the volume shows.</summary>
    ValueTask UpdateAsync(PodVolume volume, CancellationToken cancel) => ValueTask.CompletedTask;

    /// <summary>
    /// Takes back what was mounted, by the machine's mount table and not by what anybody remembers: whose pod it was may not be known any more. Only
    /// what is left then is deleted. Throws <see cref="IOException"/> where a mount stays.
    /// </summary>
    /// <param name="parent">The directory of the source's volumes of one pod.</param>
    /// <param name="name">The volume's.</param>
    void Unmount(Descriptor parent, FileName name) => MountTable.UnmountAll(parent, name);

    /// <summary>Opens the volume; null where it was not mounted.</summary>
    Descriptor? Find(PodDirectories directories, V1Pod pod, V1Volume volume) => directories.FindVolume(pod.Metadata.Uid, Directory!, volume.Name);
}
