namespace ActorOrch.Agent.Volumes.Sources;

/// <summary>The entries of a Secret as files, which never reach the disk where the agent can mount.</summary>
internal sealed class SecretVolume : IVolumeSource
{
    private const string Kind = "secret";

    public string Name => "secret";
    public string Directory => Kind;
    public bool IsReadOnly => true;

    public string Mount(PodVolume volume) => VolumePlace.Make(volume, Kind, inMemory: 0);

    public ValueTask UpdateAsync(PodVolume volume, CancellationToken cancel)
    {
        var source = volume.Volume.Secret;
        FileVolume.Write(volume, Kind, new ProjectedFiles(volume).Secret(source.SecretName, source.Items, source.Optional, source.DefaultMode));
        return ValueTask.CompletedTask;
    }
}
