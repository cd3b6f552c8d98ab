using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>The ConfigMaps and Secrets to which a pod refers, those of volumes that no node serves yet among them: what its node may read, and no more. Pure.</summary>
public static class PodReferences
{
    /// <summary>By the kind's collection and the object's key.</summary>
    public static HashSet<(string Collection, ObjectKey Key)> Of(V1Pod pod)
    {
        var found = new HashSet<(string, ObjectKey)>();
        var @namespace = pod.Metadata.NamespaceProperty;
        foreach (var reference in pod.Spec.ImagePullSecrets ?? []) Secret(reference.Name);
        foreach (var container in pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? [])) OfContainer(container.Env, container.EnvFrom);
        foreach (var container in pod.Spec.EphemeralContainers ?? []) OfContainer(container.Env, container.EnvFrom);
        foreach (var volume in pod.Spec.Volumes ?? []) OfVolume(volume);
        return found;

        void OfContainer(IList<V1EnvVar>? variables, IList<V1EnvFromSource>? sources)
        {
            foreach (var variable in variables ?? [])
            {
                ConfigMap(variable.ValueFrom?.ConfigMapKeyRef?.Name);
                Secret(variable.ValueFrom?.SecretKeyRef?.Name);
            }
            foreach (var source in sources ?? [])
            {
                ConfigMap(source.ConfigMapRef?.Name);
                Secret(source.SecretRef?.Name);
            }
        }

        void OfVolume(V1Volume volume)
        {
            ConfigMap(volume.ConfigMap?.Name);
            Secret(volume.Secret?.SecretName);
            foreach (var source in volume.Projected?.Sources ?? [])
            {
                ConfigMap(source.ConfigMap?.Name);
                Secret(source.Secret?.Name);
            }
            Secret(volume.AzureFile?.SecretName);
            Secret(volume.Cephfs?.SecretRef?.Name);
            Secret(volume.Cinder?.SecretRef?.Name);
            Secret(volume.Csi?.NodePublishSecretRef?.Name);
            Secret(volume.FlexVolume?.SecretRef?.Name);
            Secret(volume.Iscsi?.SecretRef?.Name);
            Secret(volume.Rbd?.SecretRef?.Name);
            Secret(volume.ScaleIO?.SecretRef?.Name);
            Secret(volume.Storageos?.SecretRef?.Name);
        }

        void ConfigMap(string? name) => Add(BuiltIn.ConfigMaps, name);

        void Secret(string? name) => Add(BuiltIn.Secrets, name);

        void Add(ResourceType type, string? name)
        {
            if (!string.IsNullOrEmpty(name)) found.Add((type.Collection, new(@namespace, name)));
        }
    }
}
