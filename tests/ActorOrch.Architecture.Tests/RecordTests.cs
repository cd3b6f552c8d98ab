using Mono.Cecil;

namespace ActorOrch.Architecture.Tests;

/// <summary>
/// What is persisted has a checksum and says where it belongs: it is an <c>IPlacedRecord</c>, of which the serializer's tests know that each is
/// in an envelope. <c>RecordedActor</c> sees to it for every actor but collections.
/// </summary>
public sealed class RecordTests
{
    private const string Eventsourced = "Akka.Persistence.Eventsourced";

    private static readonly Dictionary<string, string> MayPersist = new()
    {
        ["RecordedActor"] = "the one place: puts everything into an ActorRecord",
        ["CollectionActor"] = "its commits are placed records themselves, and Secrets encrypted",
        ["CheckpointStore"] = "saves placed records without an actor",
    };

    [Fact]
    public void Every_persistent_actor_is_a_recorded_one() => Code.Modules.SelectMany(m => m.GetTypes())
        .Where(t => Bases(t).Any(b => b.FullName == Eventsourced) && Bases(t).All(b => b.Name != "RecordedActor") && !MayPersist.ContainsKey(t.Name))
        .Select(t => $"{t.FullName} is a persistent actor and no RecordedActor")
        .AssertNone();

    [Fact]
    public void Events_and_snapshots_are_handed_to_the_store_in_one_place() => Code.Calls.Where(Persists).Outside(MayPersist).AssertNone();

    [Fact]
    public void What_is_handed_to_it_is_a_placed_record() => Code.Calls
        .Where(c => Persists(c) && c.Target is GenericInstanceMethod)
        .SelectMany(c => ((GenericInstanceMethod)c.Target).GenericArguments.Select(t => (Call: c, Type: t)))
        .Where(e => e.Type.Resolve()?.Interfaces.Any(i => i.InterfaceType.Name == "IPlacedRecord") != true)
        .Select(e => $"{e.Call.In.FullName} persists {e.Type.FullName}")
        .AssertNone();

    [Fact]
    public void What_may_is_still_there()
    {
        Assert.Empty(MayPersist.Keys.Except(Code.Calls.Where(Persists).Select(c => c.Owner)));
        Assert.True(Code.Modules.SelectMany(m => m.GetTypes()).Count(t => Bases(t).Any(b => b.Name == "RecordedActor")) >= 4);
    }

    private static bool Persists(Call call) => call.Target.DeclaringType.FullName switch
    {
        Eventsourced => call.Target.Name.StartsWith("Persist", StringComparison.Ordinal) && call.Target.Parameters.Count > 0 || call.Target.Name is "SaveSnapshot",
        "Akka.Persistence.SaveSnapshot" or "Akka.Persistence.WriteMessages" or "Akka.Persistence.AtomicWrite" => call.Target.Name == ".ctor",
        _ => false,
    };

    private static IEnumerable<TypeReference> Bases(TypeDefinition type)
    {
        for (var b = type.BaseType; b is not null; b = b.Resolve()?.BaseType) yield return b;
    }
}
