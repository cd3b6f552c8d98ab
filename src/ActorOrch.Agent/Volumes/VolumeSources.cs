using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization;
using ActorOrch.Agent.Files;
using ActorOrch.Agent.Volumes.Sources;
using k8s.Models;

namespace ActorOrch.Agent.Volumes;

/// <summary>The sources of volumes, by name: a new one is its class and its line here.</summary>
internal static class VolumeSources
{
    private const string NotHere = "this node does not support it";
    private const string ByDriver = "only CSI drivers serve it, which this node does not support";
    private const string Removed = "Kubernetes has removed it";

    /// <summary>The names of <c>core/v1 Volume</c>'s fields but that of the volume's own name, each with the way to read it.</summary>
    private static readonly (string Name, Func<V1Volume, object?> Read)[] Fields =
    [
        .. from property in typeof(V1Volume).GetProperties()
           let name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
           where name is not (null or "name")
           select (name, (Func<V1Volume, object?>)property.GetValue),
    ];

    public static readonly FrozenDictionary<string, IVolumeSource> All = new IVolumeSource[]
    {
        new ConfigMapVolume(),
        new DownwardApiVolume(),
        new EmptyDirVolume(),
        new HostPathVolume(),
        new ProjectedVolume(),
        new SecretVolume(),
    }.ToFrozenDictionary(s => s.Name);

    /// <summary>The other names, each with why there is no such volume.</summary>
    public static readonly FrozenDictionary<string, string> Refused = new (string Why, string[] Names)[]
    {
        (NotHere, ["csi", "ephemeral", "fc", "image", "iscsi", "nfs", "persistentVolumeClaim"]),
        (ByDriver, ["awsElasticBlockStore", "azureDisk", "azureFile", "cinder", "gcePersistentDisk", "portworxVolume", "vsphereVolume"]),
        (Removed, ["cephfs", "flexVolume", "flocker", "gitRepo", "glusterfs", "photonPersistentDisk", "quobyte", "rbd", "scaleIO", "storageos"]),
    }.SelectMany(r => r.Names.Select(name => (name, r.Why))).ToFrozenDictionary(r => r.name, r => r.Why);

    /// <summary>All names that the model has.</summary>
    public static IEnumerable<string> Names => Fields.Select(f => f.Name);

    /// <summary>Throws <see cref="VolumeException"/>, in upstream's words and why, where there is none.</summary>
    public static IVolumeSource Of(V1Volume volume)
    {
        var name = NameOf(volume);
        if (name is not null && All.TryGetValue(name, out var source)) return source;
        throw new VolumeException(name is not null && Refused.TryGetValue(name, out var why) ? $"no volume plugin matched {name}: {why}" : "no volume plugin matched");
    }

    /// <summary>Null where there is none.</summary>
    public static IVolumeSource? Find(V1Volume volume) => NameOf(volume) is { } name ? All.GetValueOrDefault(name) : null;

    /// <summary>Of the directory below a pod's <c>volumes</c>; null for one of a source that this agent does not know.</summary>
    public static IVolumeSource? OfDirectory(FileName directory)
    {
        foreach (var source in All.Values)
            if (source.Directory is { } own && directory.Is(PodDirectories.Plugin(own))) return source;
        return null;
    }

    private static string? NameOf(V1Volume volume)
    {
        foreach (var (name, read) in Fields)
            if (read(volume) is not null) return name;
        return null;
    }
}
