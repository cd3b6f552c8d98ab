namespace ActorOrch.Agent.Volumes.Sources;

/// <summary>What a pod is told of itself, as files.</summary>
internal sealed class DownwardApiVolume : IVolumeSource
{
    private const string Kind = "downward-api";

    public string Name => "downwardAPI";
    public string Directory => Kind;
    public bool IsReadOnly => true;

    public string Mount(PodVolume volume) => VolumePlace.Make(volume, Kind, inMemory: null);

    public ValueTask UpdateAsync(PodVolume volume, CancellationToken cancel)
    {
        var source = volume.Volume.DownwardAPI;
        FileVolume.Write(volume, Kind, new ProjectedFiles(volume).Downward(source.Items, source.DefaultMode));
        return ValueTask.CompletedTask;
    }
}
