using ActorOrch.EndToEnd.Harness;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace ActorOrch.EndToEnd;

/// <summary>One machine, one engine: the tests of this assembly run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class EndToEndCollection : ICollectionFixture<Machine>
{
    public const string Name = "end to end";
}
