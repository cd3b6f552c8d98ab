using System.Text.Json;
using ActorOrch.Scheduling.Relations;

namespace ActorOrch.Scheduling.Modelling;

/// <summary>The shapes of pods with one spec, which differ in what they and other pods ask of each other.</summary>
internal sealed class ShapeTemplate
{
    // Pods whose labels differ in what terms look at have shapes of their own; beyond this, sharing starts anew.
    private const int Most = 20_000;

    private readonly PodShape _plain;
    private readonly WrittenTerms? _terms;
    private readonly Dictionary<string, OwnTerms> _own = [];
    private readonly Dictionary<string, PodShape> _shapes = [];
    private long _generation;

    internal ShapeTemplate(JsonElement spec)
    {
        _plain = PodShape.Read(spec, this);
        _terms = WrittenTerms.Read(spec);
    }

    internal PodShape Of(in PodIdentity pod, PlacementContext context)
    {
        if (_terms is null && context.SelectorCount == 0) return _plain;
        if (_generation != context.Generation || _shapes.Count >= Most || _own.Count >= Most) Forget(context);
        var ownKey = _terms?.KeyOf(pod) ?? "";
        OwnTerms? own = null;
        if (_terms is not null && !_own.TryGetValue(ownKey, out own)) _own[ownKey] = own = _terms.For(pod, context);
        var matched = context.Match(pod);
        if (own is null && matched.Count == 0) return _plain;
        var key = matched.Count switch
        {
            0 => ownKey,
            1 => $"{ownKey};{matched[0].Id}",
            _ => $"{ownKey};{string.Join(',', matched.Select(s => s.Id))}",
        };
        if (!_shapes.TryGetValue(key, out var shape)) _shapes[key] = shape = _plain.With(new(own, matched));
        return shape;
    }

    private void Forget(PlacementContext context)
    {
        _generation = context.Generation;
        _own.Clear();
        _shapes.Clear();
    }
}
