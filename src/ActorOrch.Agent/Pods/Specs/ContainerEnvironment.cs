using System.Text;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Specs;

/// <summary>A container's variables: those of services, then <c>envFrom</c>, then <c>env</c>, later ones winning.</summary>
internal sealed class ContainerEnvironment
{
    // What a kernel takes with the start of one process, by its default.
    private const int MostExpanded = 2 * 1024 * 1024;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _services = new(StringComparer.Ordinal);
    private readonly string _container;
    private int _left = MostExpanded;

    private ContainerEnvironment(string container) => _container = container;

    /// <summary>Names that <c>envFrom</c> brought but the engine cannot take.</summary>
    public List<string> InvalidNames { get; } = [];

    public IReadOnlyList<KeyValuePair<string, string>> Variables { get; private set; } = [];

    /// <summary>
    /// Replaces <c>$(VAR)</c> by the container's variables. Throws <see cref="ContainerConfigException"/> where all that was expanded for the
    /// container is more than any process could be started with.
    /// </summary>
    public string Expand(string text)
    {
        var expanded = Expansion.Expand(text, Find, _left)
            ?? throw new ContainerConfigException($"the variables, command and arguments of container \"{_container}\" expand to more than {MostExpanded} characters");
        if (!ReferenceEquals(expanded, text)) _left -= expanded.Length;
        return expanded;
    }

    /// <summary>Throws <see cref="ContainerConfigException"/> for what is missing.</summary>
    public static ContainerEnvironment Resolve(PodContext context, V1Container container, IRegistry registry)
    {
        var environment = new ContainerEnvironment(container.Name);
        foreach (var (name, value) in ServiceEnvironment.Variables(registry, context.Pod)) environment._services[name] = value;
        foreach (var source in container.EnvFrom ?? []) environment.AddAll(context, source, registry);
        foreach (var variable in container.Env ?? [])
            if (environment.Value(context, container, variable, registry) is { } value) environment._values[variable.Name] = value;
        foreach (var (name, value) in environment._services) environment._values.TryAdd(name, value);
        environment.Variables = [.. environment._values];
        return environment;
    }

    private string? Find(string name) => _values.TryGetValue(name, out var value) ? value : _services.GetValueOrDefault(name);

    private string? Value(PodContext context, V1Container container, V1EnvVar variable, IRegistry registry)
    {
        if (variable.ValueFrom is not { } from) return Expand(variable.Value ?? "");
        var @namespace = context.Pod.Metadata.NamespaceProperty;
        if (from.FieldRef is { } field) return FieldPaths.Field(context, field.FieldPath);
        if (from.ResourceFieldRef is { } resource)
            return FieldPaths.Resource(context, Named(context.Pod, resource.ContainerName) ?? container, resource.Resource, resource.Divisor);
        if (from.ConfigMapKeyRef is { } config)
        {
            var key = new ObjectKey(@namespace, config.Name);
            if (registry[BuiltIn.ConfigMaps].Latest.Get(key) is not { } found)
                return config.Optional == true ? null : throw new ContainerConfigException($"configmap \"{config.Name}\" not found");
            if (found.As<V1ConfigMap>().Data is { } data && data.TryGetValue(config.Key, out var value)) return value;
            return config.Optional == true ? null : throw new ContainerConfigException($"couldn't find key {config.Key} in ConfigMap {key}");
        }
        if (from.SecretKeyRef is { } secret)
        {
            var key = new ObjectKey(@namespace, secret.Name);
            if (registry[BuiltIn.Secrets].Latest.Get(key) is not { } found)
                return secret.Optional == true ? null : throw new ContainerConfigException($"secret \"{secret.Name}\" not found");
            if (found.As<V1Secret>().Data is { } data && data.TryGetValue(secret.Key, out var value)) return Encoding.UTF8.GetString(value);
            return secret.Optional == true ? null : throw new ContainerConfigException($"couldn't find key {secret.Key} in Secret {key}");
        }
        throw new ContainerConfigException($"env var \"{variable.Name}\" has no source");
    }

    private void AddAll(PodContext context, V1EnvFromSource source, IRegistry registry)
    {
        var @namespace = context.Pod.Metadata.NamespaceProperty;
        if (source.ConfigMapRef is { } config)
        {
            if (registry[BuiltIn.ConfigMaps].Latest.Get(new(@namespace, config.Name)) is { } found)
                foreach (var (key, value) in found.As<V1ConfigMap>().Data ?? new Dictionary<string, string>()) Add(source.Prefix, key, value);
            else if (config.Optional != true) throw new ContainerConfigException($"configmap \"{config.Name}\" not found");
        }
        else if (source.SecretRef is { } secret)
        {
            if (registry[BuiltIn.Secrets].Latest.Get(new(@namespace, secret.Name)) is { } found)
                foreach (var (key, value) in found.As<V1Secret>().Data ?? new Dictionary<string, byte[]>()) Add(source.Prefix, key, Encoding.UTF8.GetString(value));
            else if (secret.Optional != true) throw new ContainerConfigException($"secret \"{secret.Name}\" not found");
        }
    }

    private void Add(string? prefix, string key, string value)
    {
        var name = prefix + key;
        // Anything printable but '=' is a name since 1.30's relaxed validation.
        if (name.Length == 0 || name.Any(c => c is '=' or < ' ' or > '~')) InvalidNames.Add(name);
        else _values[name] = value;
    }

    private static V1Container? Named(V1Pod pod, string? name) =>
        string.IsNullOrEmpty(name) ? null : pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).FirstOrDefault(c => c.Name == name);
}
