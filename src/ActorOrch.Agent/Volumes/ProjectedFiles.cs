using System.Text;
using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Timing;
using k8s.Models;

namespace ActorOrch.Agent.Volumes;

/// <summary>What stands in the files that a volume shows of ConfigMaps, Secrets, tokens and its pod.</summary>
internal sealed class ProjectedFiles(PodVolume volume)
{
    private const int DefaultMode = 0b110_100_100;

    private PodContext Context => volume.Context;
    private string Namespace => volume.Pod.Metadata.NamespaceProperty;

    public List<ProjectedFile> ConfigMap(string name, IList<V1KeyToPath>? items, bool? optional, int? defaultMode)
    {
        var content = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (volume.Machine.Registry[BuiltIn.ConfigMaps].Latest.Get(new(Namespace, name)) is { } found)
        {
            var map = found.As<V1ConfigMap>();
            foreach (var (key, value) in map.Data ?? new Dictionary<string, string>()) content[key] = Encoding.UTF8.GetBytes(value);
            foreach (var (key, value) in map.BinaryData ?? new Dictionary<string, byte[]>()) content[key] = value;
        }
        else if (optional != true) throw new VolumeException($"configmap \"{name}\" not found");
        return Of(content, items, optional, defaultMode, "configmap");
    }

    public List<ProjectedFile> Secret(string name, IList<V1KeyToPath>? items, bool? optional, int? defaultMode)
    {
        IDictionary<string, byte[]> content = new Dictionary<string, byte[]>();
        if (volume.Machine.Registry[BuiltIn.Secrets].Latest.Get(new(Namespace, name)) is { } found) content = found.As<V1Secret>().Data ?? content;
        else if (optional != true) throw new VolumeException($"secret \"{name}\" not found");
        return Of(content, items, optional, defaultMode, "secret");
    }

    public List<ProjectedFile> Downward(IList<V1DownwardAPIVolumeFile>? items, int? defaultMode)
    {
        var files = new List<ProjectedFile>();
        foreach (var item in items ?? [])
        {
            var text = item.FieldRef is { } field
                ? FieldPaths.Field(Context, field.FieldPath)
                : item.ResourceFieldRef is { } resource ? Resource(resource) : "";
            files.Add(new(item.Path, Encoding.UTF8.GetBytes(text), Mode(item.Mode, defaultMode)));
        }
        return files;
    }

    public async ValueTask<ProjectedFile> TokenAsync(V1ServiceAccountTokenProjection token, int? defaultMode, CancellationToken cancel)
    {
        if (volume.Machine.Tokens is not { } tokens) throw new VolumeException("failed to fetch token: the cluster issues no service account tokens");
        var pod = volume.Pod.Metadata;
        var lifetime = Durations.OfSeconds(token.ExpirationSeconds ?? 3600);
        var text = await tokens.IssueAsync(
            pod.NamespaceProperty, volume.Pod.Spec.ServiceAccountName ?? "default", pod.Name, pod.Uid, token.Audience, lifetime, cancel).ConfigureAwait(false);
        return new(token.Path, Encoding.UTF8.GetBytes(text), Mode(null, defaultMode));
    }

    private static List<ProjectedFile> Of(IDictionary<string, byte[]> content, IList<V1KeyToPath>? items, bool? optional, int? defaultMode, string kind)
    {
        var files = new List<ProjectedFile>();
        if (items is not { Count: > 0 })
        {
            foreach (var (key, value) in content) files.Add(new(key, value, Mode(null, defaultMode)));
            return files;
        }
        foreach (var item in items)
        {
            if (content.TryGetValue(item.Key, out var value)) files.Add(new(item.Path, value, Mode(item.Mode, defaultMode)));
            else if (optional != true) throw new VolumeException($"{kind} references non-existent {kind} key: {item.Key}");
        }
        return files;
    }

    private string Resource(V1ResourceFieldSelector selector)
    {
        var container = volume.Pod.Spec.Containers.Concat(volume.Pod.Spec.InitContainers ?? []).FirstOrDefault(c => c.Name == selector.ContainerName)
            ?? throw new VolumeException($"container {selector.ContainerName} not found");
        return FieldPaths.Resource(Context, container, selector.Resource, selector.Divisor);
    }

    private static UnixFileMode Mode(int? own, int? ofAll) => (UnixFileMode)((own ?? ofAll ?? DefaultMode) & 0b111_111_111);
}
