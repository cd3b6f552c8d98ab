using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ActorOrch.Resources.Kinds.Pods;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Resources.Tests.Kinds.Pods;

public class PodReferencesTests
{
    /// <summary>The types of the model that name a ConfigMap or a Secret, and the fields in which they do.</summary>
    private static readonly Dictionary<Type, (string Field, string Collection)> Naming = new()
    {
        [typeof(V1LocalObjectReference)] = ("name", "secrets"),
        [typeof(V1SecretKeySelector)] = ("name", "secrets"),
        [typeof(V1SecretEnvSource)] = ("name", "secrets"),
        [typeof(V1SecretProjection)] = ("name", "secrets"),
        [typeof(V1SecretVolumeSource)] = ("secretName", "secrets"),
        [typeof(V1AzureFileVolumeSource)] = ("secretName", "secrets"),
        [typeof(V1ConfigMapKeySelector)] = ("name", "configmaps"),
        [typeof(V1ConfigMapEnvSource)] = ("name", "configmaps"),
        [typeof(V1ConfigMapProjection)] = ("name", "configmaps"),
        [typeof(V1ConfigMapVolumeSource)] = ("name", "configmaps"),
    };

    /// <summary>Every place of a pod's spec where one may be named, found in the model.</summary>
    public static TheoryData<string, string> Places
    {
        get
        {
            var places = new TheoryData<string, string>();
            Walk(typeof(V1PodSpec), "", []);
            return places;

            void Walk(Type type, string path, HashSet<Type> above)
            {
                if (Naming.TryGetValue(type, out var naming)) places.Add($"{path}.{naming.Field}", naming.Collection);
                if (type.Namespace != typeof(V1Pod).Namespace || !above.Add(type)) return;
                foreach (var property in type.GetProperties())
                {
                    if (property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name is not { } name) continue;
                    var isList = property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IList<>);
                    Walk(isList ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType, $"{path}.{name}{(isList ? "[]" : "")}", above);
                }
                above.Remove(type);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_name_is_found_wherever_the_model_has_a_place_for_one(string place, string collection)
    {
        JsonNode node = "x";
        foreach (var step in place.Split('.', StringSplitOptions.RemoveEmptyEntries).Reverse())
            node = step.EndsWith("[]", StringComparison.Ordinal) ? new JsonObject { [step[..^2]] = new JsonArray(node) } : new JsonObject { [step] = node };
        var spec = node.AsObject();
        spec["containers"] ??= new JsonArray();
        var pod = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "p", ["namespace"] = "ns" }, ["spec"] = spec };

        Assert.Equal([(collection, new ObjectKey("ns", "x"))], PodReferences.Of(Model.Parse<V1Pod>(Encoding.UTF8.GetBytes(pod.ToJsonString()))));
    }

    [Fact]
    public void The_places_are_found()
    {
        Assert.Contains(Places, row => (string)row[0]! == ".imagePullSecrets[].name");
        Assert.Contains(Places, row => (string)row[0]! == ".ephemeralContainers[].envFrom[].configMapRef.name");
    }

    [Fact]
    public void A_pod_that_names_none_refers_to_none() =>
        Assert.Empty(PodReferences.Of(new() { Metadata = new() { NamespaceProperty = "ns" }, Spec = new() { Containers = [new() { Name = "c", Env = [new() { Name = "A", Value = "1" }] }], Volumes = [new() { Name = "v", EmptyDir = new() }] } }));
}
