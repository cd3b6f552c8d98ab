using ActorOrch.Registry.Tests.Persistence;

namespace ActorOrch.Registry.Tests.Checkpoints;

public sealed class InMemoryHistoryTests() : StoredHistoryContract(FaultyJournal.Config);
