using System.Reflection;
using System.Text.Json.Serialization;
using ActorOrch.Resources.Schemas;
using k8s.Models;

namespace ActorOrch.Resources.OpenApi;

/// <summary>
/// The fields that a document must give, for readers of the published schemas (<c>kubectl explain</c>). The models tell it of numbers and
/// flags alone; of the rest, the ones people meet are named here. Validation does not rely on it.
/// </summary>
internal static class RequiredFields
{
    private static readonly Dictionary<Type, string[]> Named = new()
    {
        [typeof(V1PodSpec)] = ["containers"],
        [typeof(V1Container)] = ["name"],
        [typeof(V1EphemeralContainer)] = ["name"],
        [typeof(V1EnvVar)] = ["name"],
        [typeof(V1Volume)] = ["name"],
        [typeof(V1VolumeMount)] = ["mountPath", "name"],
        [typeof(V1VolumeDevice)] = ["devicePath", "name"],
        [typeof(V1KeyToPath)] = ["key", "path"],
        [typeof(V1SecretKeySelector)] = ["key"],
        [typeof(V1ConfigMapKeySelector)] = ["key"],
        [typeof(V1ObjectFieldSelector)] = ["fieldPath"],
        [typeof(V1ResourceFieldSelector)] = ["resource"],
        [typeof(V1HostPathVolumeSource)] = ["path"],
        [typeof(V1HTTPGetAction)] = ["port"],
        [typeof(V1TCPSocketAction)] = ["port"],
        [typeof(V1HTTPHeader)] = ["name", "value"],
        [typeof(V1Taint)] = ["effect", "key"],
        [typeof(V1NodeSelector)] = ["nodeSelectorTerms"],
        [typeof(V1NodeSelectorRequirement)] = ["key", "operator"],
        [typeof(V1LabelSelectorRequirement)] = ["key", "operator"],
        [typeof(V1PodAffinityTerm)] = ["topologyKey"],
        [typeof(V1TopologySpreadConstraint)] = ["topologyKey", "whenUnsatisfiable"],
        [typeof(V1DeploymentSpec)] = ["selector", "template"],
        [typeof(V1ReplicaSetSpec)] = ["selector"],
        [typeof(V1EndpointSlice)] = ["addressType", "endpoints"],
        [typeof(V1Endpoint)] = ["addresses"],
        [typeof(V1EndpointAddress)] = ["ip"],
        [typeof(V1OwnerReference)] = ["apiVersion", "kind", "name", "uid"],
        [typeof(Corev1Event)] = ["involvedObject", "metadata"],
        [typeof(V1Binding)] = ["target"],
    };

    public static IReadOnlyList<string> Of(Schema schema)
    {
        if (schema.Model is not { } model) return [];
        var required = new SortedSet<string>(Named.GetValueOrDefault(model, []), StringComparer.Ordinal);
        if (schema.Fields.ContainsKey("items") && model.Name.EndsWith("List", StringComparison.Ordinal)) required.Add("items");
        foreach (var property in model.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (property.PropertyType.IsValueType && Nullable.GetUnderlyingType(property.PropertyType) is null
                && property.GetCustomAttribute<JsonPropertyNameAttribute>() is { } json) required.Add(json.Name);
        return [.. required];
    }
}
