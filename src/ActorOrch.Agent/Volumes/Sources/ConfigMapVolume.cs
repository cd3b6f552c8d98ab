namespace ActorOrch.Agent.Volumes.Sources;

/// <summary>The entries of a ConfigMap as files.</summary>
internal sealed class ConfigMapVolume : IVolumeSource
{
    private const string Kind = "configmap";

    public string Name => "configMap";
    public string Directory => Kind;
    public bool IsReadOnly => true;

    public string Mount(PodVolume volume) => VolumePlace.Make(volume, Kind, inMemory: null);

    public ValueTask UpdateAsync(PodVolume volume, CancellationToken cancel)
    {
        var source = volume.Volume.ConfigMap;
        FileVolume.Write(volume, Kind, new ProjectedFiles(volume).ConfigMap(source.Name, source.Items, source.Optional, source.DefaultMode));
        return ValueTask.CompletedTask;
    }
}
