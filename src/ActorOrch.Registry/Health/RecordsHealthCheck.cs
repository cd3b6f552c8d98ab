using ActorOrch.Registry.Persistence.Actors;
using Akka.Actor;

namespace ActorOrch.Registry.Health;

/// <summary>Whether there are actors in this process that do not start because rows of theirs are damaged; it names the rows.</summary>
public sealed class RecordsHealthCheck(ActorSystem system) : IHealthCheck
{
    private const int MostNamed = 3;

    private readonly DamagedActors _damaged = DamagedActors.Of(system);

    public string Name => "records";

    public ValueTask<string?> CheckAsync(CancellationToken cancel)
    {
        var details = _damaged.Details;
        return ValueTask.FromResult(details.Count switch
        {
            0 => null,
            > MostNamed => $"{string.Join("; ", details.Take(MostNamed))}; and {details.Count - MostNamed} more",
            _ => string.Join("; ", details),
        });
    }
}
