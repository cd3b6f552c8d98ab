using System.Reflection;
using ActorOrch.Resources.Schemas;
using k8s.Models;

namespace ActorOrch.Resources.OpenApi;

/// <summary>
/// The names of definitions: <c>io.k8s.api.apps.v1.Deployment</c>. A class belongs to <c>meta/v1</c>, to the core group where a kind of
/// that group uses it, else to the group of the kind that led to it.
/// </summary>
internal static class DefinitionNames
{
    private const string Meta = "io.k8s.apimachinery.pkg.apis.meta.";

    private static readonly HashSet<Type> MetaTypes =
    [
        typeof(V1ObjectMeta), typeof(V1ListMeta), typeof(V1OwnerReference), typeof(V1ManagedFieldsEntry), typeof(V1LabelSelector),
        typeof(V1LabelSelectorRequirement), typeof(V1FieldSelectorRequirement), typeof(V1Condition), typeof(V1Status), typeof(V1StatusDetails),
        typeof(V1StatusCause), typeof(V1DeleteOptions), typeof(V1Preconditions),
    ];

    private static readonly Type[] CoreKinds =
    [
        typeof(V1Pod), typeof(V1Node), typeof(V1Namespace), typeof(V1Service), typeof(V1Endpoints), typeof(V1ConfigMap), typeof(V1Secret),
        typeof(V1ServiceAccount), typeof(Corev1Event), typeof(V1PersistentVolume), typeof(V1PersistentVolumeClaim), typeof(V1ReplicationController),
        typeof(V1ResourceQuota), typeof(V1LimitRange), typeof(V1PodTemplate), typeof(V1Binding), typeof(V1ComponentStatus),
    ];

    private static readonly Lazy<HashSet<Type>> CoreTypes = new(ReadCoreTypes);

    /// <summary>The name of a class of <paramref name="group"/>, as <see cref="GroupOf"/> tells it.</summary>
    public static string Of(Type model, string group)
    {
        var name = GoName.Of(model);
        return MetaTypes.Contains(model) ? Meta + name : $"{Package(group)}.{name}";
    }

    /// <summary>The group that a class belongs to when a kind of <paramref name="referrer"/> led to it.</summary>
    public static string GroupOf(Type model, string referrer) => KindOf(model)?.Group ?? (CoreTypes.Value.Contains(model) ? "" : referrer);

    /// <summary>The group version kind that a class stands for, where it is a kind or a list of one.</summary>
    public static KubernetesEntityAttribute? KindOf(Type model) => model.GetCustomAttribute<KubernetesEntityAttribute>();

    private static string Package(string group) => group switch
    {
        "" => "io.k8s.api.core",
        "apiextensions.k8s.io" => "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions",
        "apiregistration.k8s.io" => "io.k8s.kube-aggregator.pkg.apis.apiregistration",
        _ => $"io.k8s.api.{group.Split('.')[0]}",
    };

    private static HashSet<Type> ReadCoreTypes()
    {
        var found = new HashSet<Type>();
        var left = new Stack<Schema>(CoreKinds.Select(Schema.Of));
        while (left.TryPop(out var schema))
        {
            if (schema.Model is { } model && (MetaTypes.Contains(model) || !found.Add(model))) continue;
            if (schema.Element is { } element) left.Push(element);
            foreach (var field in schema.Fields.Values) left.Push(field.Type);
        }
        return found;
    }
}
