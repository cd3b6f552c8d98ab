using System.Collections.Concurrent;

namespace ActorOrch.Registry.Clustering.Transports;

/// <summary>The open connections of a process, so that all can be closed when it ends.</summary>
internal sealed class ConnectionSet
{
    private readonly ConcurrentDictionary<TlsConnection, bool> _open = new(ReferenceEqualityComparer.Instance);

    public void Add(TlsConnection connection)
    {
        _open.TryAdd(connection, true);
        connection.Closed.ContinueWith(
            (_, closed) => _open.TryRemove((TlsConnection)closed!, out var _), connection,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Completes when what had been handed to them is sent, or could not be in time.</summary>
    public Task CloseAllAsync()
    {
        var all = _open.Keys;
        foreach (var connection in all) connection.Close();
        return Task.WhenAll(all.Select(c => c.Closed));
    }
}
