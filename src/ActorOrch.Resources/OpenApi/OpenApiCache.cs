using System.Collections.Concurrent;

namespace ActorOrch.Resources.OpenApi;

/// <summary>The published documents of one set of kinds, by name, each written when it is asked for. Safe for parallel use.</summary>
/// <param name="before">Of the set before it: what has the same hash there is taken over.</param>
internal sealed class OpenApiCache(OpenApiCache? before)
{
    private readonly ConcurrentDictionary<string, OpenApiDocument> _documents = new();

    // The documents alone, so that no set keeps all before it.
    private readonly ConcurrentDictionary<string, OpenApiDocument>? _before = before?._documents;

    public OpenApiDocument? Find(string name) => _documents.GetValueOrDefault(name);

    public OpenApiDocument Get(string name, Func<string> hash, Func<string, OpenApiDocument> write) => _documents.GetOrAdd(name, _ =>
    {
        var wanted = hash();
        return _before?.GetValueOrDefault(name) is { } known && known.Hash == wanted ? known : write(wanted);
    });
}
