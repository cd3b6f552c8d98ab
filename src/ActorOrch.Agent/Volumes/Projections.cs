using System.Text;
using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Timing;
using k8s.Models;

namespace ActorOrch.Agent.Volumes;

/// <summary>What stands in the files of configMap, secret, downwardAPI and projected volumes.</summary>
internal sealed class Projections(IRegistry registry, PodContext context, IServiceAccountTokens? tokens)
{
    private const int DefaultMode = 0b110_100_100;

    private string Namespace => context.Pod.Metadata.NamespaceProperty;

    /// <summary>Null where the volume is of another kind.</summary>
    public async ValueTask<List<ProjectedFile>?> FilesAsync(V1Volume volume, CancellationToken cancel)
    {
        var files = new List<ProjectedFile>();
        if (volume.ConfigMap is { } config) ConfigMap(files, config.Name, config.Items, config.Optional, config.DefaultMode);
        else if (volume.Secret is { } secret) Secret(files, secret.SecretName, secret.Items, secret.Optional, secret.DefaultMode);
        else if (volume.DownwardAPI is { } downward) Downward(files, downward.Items, downward.DefaultMode);
        else if (volume.Projected is { } projected)
        {
            foreach (var source in projected.Sources ?? [])
            {
                if (source.ConfigMap is { } c) ConfigMap(files, c.Name, c.Items, c.Optional, projected.DefaultMode);
                if (source.Secret is { } s) Secret(files, s.Name, s.Items, s.Optional, projected.DefaultMode);
                if (source.DownwardAPI is { } d) Downward(files, d.Items, projected.DefaultMode);
                if (source.ServiceAccountToken is { } token) files.Add(await TokenAsync(token, projected.DefaultMode, cancel).ConfigureAwait(false));
            }
        }
        else return null;
        return files;
    }

    private void ConfigMap(List<ProjectedFile> files, string name, IList<V1KeyToPath>? items, bool? optional, int? defaultMode)
    {
        var content = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        if (registry[BuiltIn.ConfigMaps].Latest.Get(new(Namespace, name)) is { } found)
        {
            var map = found.As<V1ConfigMap>();
            foreach (var (key, value) in map.Data ?? new Dictionary<string, string>()) content[key] = Encoding.UTF8.GetBytes(value);
            foreach (var (key, value) in map.BinaryData ?? new Dictionary<string, byte[]>()) content[key] = value;
        }
        else if (optional != true) throw new VolumeException($"configmap \"{name}\" not found");
        Add(files, content, items, optional, defaultMode, "configmap");
    }

    private void Secret(List<ProjectedFile> files, string name, IList<V1KeyToPath>? items, bool? optional, int? defaultMode)
    {
        IDictionary<string, byte[]> content = new Dictionary<string, byte[]>();
        if (registry[BuiltIn.Secrets].Latest.Get(new(Namespace, name)) is { } found) content = found.As<V1Secret>().Data ?? content;
        else if (optional != true) throw new VolumeException($"secret \"{name}\" not found");
        Add(files, content, items, optional, defaultMode, "secret");
    }

    private static void Add(
        List<ProjectedFile> files, IDictionary<string, byte[]> content, IList<V1KeyToPath>? items, bool? optional, int? defaultMode, string kind)
    {
        if (items is not { Count: > 0 })
        {
            foreach (var (key, value) in content) files.Add(new(key, value, Mode(null, defaultMode)));
            return;
        }
        foreach (var item in items)
        {
            if (content.TryGetValue(item.Key, out var value)) files.Add(new(item.Path, value, Mode(item.Mode, defaultMode)));
            else if (optional != true) throw new VolumeException($"{kind} references non-existent {kind} key: {item.Key}");
        }
    }

    private void Downward(List<ProjectedFile> files, IList<V1DownwardAPIVolumeFile>? items, int? defaultMode)
    {
        foreach (var item in items ?? [])
        {
            var text = item.FieldRef is { } field
                ? FieldPaths.Field(context, field.FieldPath)
                : item.ResourceFieldRef is { } resource ? Resource(resource) : "";
            files.Add(new(item.Path, Encoding.UTF8.GetBytes(text), Mode(item.Mode, defaultMode)));
        }
    }

    private string Resource(V1ResourceFieldSelector selector)
    {
        var container = context.Pod.Spec.Containers.Concat(context.Pod.Spec.InitContainers ?? []).FirstOrDefault(c => c.Name == selector.ContainerName)
            ?? throw new VolumeException($"container {selector.ContainerName} not found");
        return FieldPaths.Resource(context, container, selector.Resource, selector.Divisor);
    }

    private async ValueTask<ProjectedFile> TokenAsync(V1ServiceAccountTokenProjection token, int? defaultMode, CancellationToken cancel)
    {
        if (tokens is null) throw new VolumeException("failed to fetch token: the cluster issues no service account tokens");
        var pod = context.Pod.Metadata;
        var lifetime = Durations.OfSeconds(token.ExpirationSeconds ?? 3600);
        var text = await tokens.IssueAsync(
            pod.NamespaceProperty, context.Pod.Spec.ServiceAccountName ?? "default", pod.Name, pod.Uid, token.Audience, lifetime, cancel).ConfigureAwait(false);
        return new(token.Path, Encoding.UTF8.GetBytes(text), Mode(null, defaultMode));
    }

    private static UnixFileMode Mode(int? own, int? volume) => (UnixFileMode)((own ?? volume ?? DefaultMode) & 0b111_111_111);
}
