using System.Net.Sockets;
using Docker.DotNet;

namespace ActorOrch.Agent.Runtimes.Docker;

/// <summary>What a cluster has on an engine, found by the cluster's id in the label that all of it carries.</summary>
/// <param name="Containers">Ids and names.</param>
public sealed record ClusterLeftovers(IReadOnlyList<(string Id, string Name)> Containers, IReadOnlyList<(string Id, string Name)> Networks)
{
    /// <summary>Throws <see cref="RuntimeUnavailableException"/>.</summary>
    public static Task<ClusterLeftovers> FindAsync(Uri engine, string clusterId, CancellationToken cancel) => WithAsync(engine, async client =>
    {
        var labelled = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [ContainerLabels.Node] = true } };
        var containers = await client.Containers.ListContainersAsync(new() { All = true, Filters = labelled }, cancel).ConfigureAwait(false);
        var networks = await client.Networks.ListNetworksAsync(new() { Filters = labelled }, cancel).ConfigureAwait(false);
        return new ClusterLeftovers(
            [.. containers.Where(c => IsOf(c.Labels, clusterId)).Select(c => (c.ID, c.Names.FirstOrDefault()?.TrimStart('/') ?? c.ID))],
            [.. networks.Where(n => IsOf(n.Labels, clusterId)).Select(n => (n.ID, n.Name))]);
    });

    /// <summary>Kills and removes; what was removed meanwhile is no error. A network that others' containers use stays. Returns those that stayed.</summary>
    public Task<IReadOnlyList<string>> RemoveAsync(Uri engine, CancellationToken cancel) => WithAsync(engine, async client =>
    {
        await Parallel.ForEachAsync(Containers, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel }, async (container, token) =>
        {
            try
            {
                await client.Containers.RemoveContainerAsync(container.Id, new() { Force = true, RemoveVolumes = true }, token).ConfigureAwait(false);
            }
            catch (DockerContainerNotFoundException)
            {
                // Gone is what was asked for.
            }
        }).ConfigureAwait(false);
        var stayed = new List<string>();
        foreach (var (id, name) in Networks)
        {
            try
            {
                await client.Networks.DeleteNetworkAsync(id, cancel).ConfigureAwait(false);
            }
            catch (DockerNetworkNotFoundException)
            {
                // Gone is what was asked for.
            }
            catch (DockerApiException used)
            {
                stayed.Add($"the network {name}: {DockerRuntime.Words(used)}");
            }
        }
        return (IReadOnlyList<string>)stayed;
    });

    private static bool IsOf(IDictionary<string, string>? labels, string clusterId) =>
        labels is not null && labels.TryGetValue(ContainerLabels.Node, out var node) && node.StartsWith(clusterId + "/", StringComparison.Ordinal);

    private static async Task<T> WithAsync<T>(Uri engine, Func<DockerClient, Task<T>> use)
    {
        using var client = new DockerClientBuilder().WithEndpoint(engine).WithTimeout(TimeSpan.FromMinutes(5)).Build();
        try
        {
            return await use(client).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException or IOException or TimeoutException)
        {
            throw new RuntimeUnavailableException($"Docker's engine does not answer at {engine.OriginalString}: {failure.Message}", failure);
        }
    }
}
