using k8s.Models;

namespace ActorOrch.Agent.Volumes.Sources;

/// <summary>Files of several ConfigMaps, Secrets, tokens and the pod itself in one directory, in memory where one of them is secret.</summary>
internal sealed class ProjectedVolume : IVolumeSource
{
    private const string Kind = "projected";

    public string Name => "projected";
    public string Directory => Kind;
    public bool IsReadOnly => true;

    public string Mount(PodVolume volume) => VolumePlace.Make(volume, Kind, inMemory: IsSecret(volume.Volume.Projected) ? 0 : null);

    public async ValueTask UpdateAsync(PodVolume volume, CancellationToken cancel)
    {
        var source = volume.Volume.Projected;
        var made = new ProjectedFiles(volume);
        var files = new List<ProjectedFile>();
        foreach (var part in source.Sources ?? [])
        {
            if (part.ConfigMap is { } config) files.AddRange(made.ConfigMap(config.Name, config.Items, config.Optional, source.DefaultMode));
            if (part.Secret is { } secret) files.AddRange(made.Secret(secret.Name, secret.Items, secret.Optional, source.DefaultMode));
            if (part.DownwardAPI is { } downward) files.AddRange(made.Downward(downward.Items, source.DefaultMode));
            if (part.ServiceAccountToken is { } token) files.Add(await made.TokenAsync(token, source.DefaultMode, cancel).ConfigureAwait(false));
        }
        FileVolume.Write(volume, Kind, files);
    }

    private static bool IsSecret(V1ProjectedVolumeSource source) => source.Sources?.Any(s => s.Secret is not null || s.ServiceAccountToken is not null) == true;
}
