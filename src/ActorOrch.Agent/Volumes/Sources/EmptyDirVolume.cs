namespace ActorOrch.Agent.Volumes.Sources;

/// <summary>A directory of the pod's own, on the disk or in memory.</summary>
internal sealed class EmptyDirVolume : IVolumeSource
{
    private const string Kind = "empty-dir";
    private const string Memory = "Memory";

    public string Name => "emptyDir";
    public string Directory => Kind;
    public bool IsReadOnly => false;

    /// <summary>On the disk it would have neither the bound nor the speed that was asked for.</summary>
    public void Prepare(PodVolume volume)
    {
        if (volume.Volume.EmptyDir.Medium == Memory && !volume.Machine.CanMount) throw new VolumeException(VolumeMachine.CannotMount);
    }

    public string Mount(PodVolume volume) => VolumePlace.Make(
        volume, Kind, volume.Volume.EmptyDir.Medium == Memory ? MemoryVolumes.Size(volume.Pod, volume.Volume, volume.Context.AllocatableMemory) : null);
}
