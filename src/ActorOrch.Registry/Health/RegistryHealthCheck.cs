using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Registry.Health;

/// <summary>Whether each collection has an owner, here or elsewhere, that says what was acknowledged last.</summary>
public sealed class RegistryHealthCheck(IRegistry registry) : IHealthCheck
{
    private const int MostNamed = 3;

    public string Name => "registry";

    public async ValueTask<string?> CheckAsync(CancellationToken cancel)
    {
        var failures = await Task.WhenAll(registry.Types.Select(type => FailureOfAsync(type, cancel))).ConfigureAwait(false);
        var failed = failures.OfType<string>().ToArray();
        return failed.Length switch
        {
            0 => null,
            > MostNamed => $"{string.Join("; ", failed.Take(MostNamed))}; and {failed.Length - MostNamed} collections more",
            _ => string.Join("; ", failed),
        };
    }

    private async Task<string?> FailureOfAsync(ResourceType type, CancellationToken cancel)
    {
        try
        {
            await registry[type].ReadConsistentAsync(cancel).ConfigureAwait(false);
            return null;
        }
        catch (ApiException failure)
        {
            return $"{type.Collection}: {failure.Message}";
        }
        catch (OperationCanceledException)
        {
            return $"{type.Collection}: its owner does not answer";
        }
    }
}
