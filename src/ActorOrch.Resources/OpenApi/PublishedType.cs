using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;

namespace ActorOrch.Resources.OpenApi;

/// <summary>What a published document refers to: a model class, or a kind without one, or a list of it.</summary>
internal readonly record struct PublishedType(Type? Model, ResourceType? Custom = null, bool IsList = false)
{
    public static implicit operator PublishedType(Type model) => new(model);

    /// <summary>What objects of a kind are.</summary>
    public static PublishedType Of(ResourceType type) => type.Model is { } model ? new PublishedType(model) : new PublishedType(null, type);

    /// <summary>What is sent to a subresource and answered by it; null where that is no document.</summary>
    public static PublishedType? Of(Subresource subresource, ResourceType type)
    {
        if (subresource is Connection) return (PublishedType?)null;
        if (subresource.Kind is not { } kind) return Of(type);
        return kind.Model is { } model ? new PublishedType(model) : (PublishedType?)null;
    }

    /// <summary>What a list of them is.</summary>
    public static PublishedType ListOf(ResourceType type) =>
        type.Model is { } model ? new PublishedType(model.Assembly.GetType($"{model.FullName}List") ?? model) : new PublishedType(null, type, IsList: true);

    /// <summary>Of a kind without a model: the name of its definition, <c>com.example.v1.Widget</c>.</summary>
    public string CustomName => $"{string.Join('.', Custom!.Group.Split('.').Reverse())}.{Custom.Version}.{(IsList ? Custom.ListKind : Custom.Kind)}";
}
