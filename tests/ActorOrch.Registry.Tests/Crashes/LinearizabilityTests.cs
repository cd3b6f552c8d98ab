using ActorOrch.Testing.Crashes;
using CsCheck;
using static ActorOrch.Testing.Crashes.RegisterOperation;

namespace ActorOrch.Registry.Tests.Crashes;

public sealed class LinearizabilityTests
{
    private const long NeverReturned = long.MaxValue;

    /// <summary>Histories of up to six operations on few values, most of which cannot have happened: times overlap at will.</summary>
    private static readonly Gen<RegisterOperation[]> Anything = OperationGen().Array[1, 6];

    /// <summary>What a register would really have done: each operation takes effect at a moment of its own, somewhere between invocation and return.</summary>
    private static readonly Gen<RegisterOperation[]> Real =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 40], Gen.Int[1, 40], Gen.Int[0, 4], Gen.Bool, (kind, before, after, guess, lost) => (kind, before, after, guess, lost))
            .Array[1, 40].Select(Perform);

    [Fact]
    public void A_real_history_is_explained() =>
        Real.Sample(history => Assert.True(Linearizability.IsLinearizable("v0", history)), iter: 2000);

    [Fact]
    public void It_decides_like_trying_every_order() => Anything.Sample(history =>
        Assert.Equal(CanBeOrdered("v0", history), Linearizability.IsLinearizable("v0", history)), iter: 20_000);

    public static TheoryData<string, RegisterOperation[]> KnownBad => new()
    {
        { "two that expected the same value both won", [new CompareAndSet(0, 10, "v0", "v1", true), new CompareAndSet(0, 10, "v0", "v2", true)] },
        { "a read after a write that was acknowledged missed it", [new CompareAndSet(0, 10, "v0", "v1", true), new Read(11, 12, "v0")] },
        { "a value came back", [new CompareAndSet(0, 1, "v0", "v1", true), new CompareAndSet(2, 3, "v1", "v2", true), new Read(4, 5, "v1")] },
        { "two reads in a row saw time run backwards", [new CompareAndSet(0, 100, "v0", "v1", true), new Read(10, 20, "v1"), new Read(30, 40, "v0")] },
        { "nobody wrote what was read", [new Read(0, 1, "v9")] },
        { "it was refused although the value was as expected all the time", [new CompareAndSet(0, 1, "v0", "v1", false)] },
        { "a refused write was read", [new CompareAndSet(0, 10, "v5", "v1", false), new Read(11, 12, "v1")] },
        { "what nobody knows about happened before it was asked for", [new Read(0, 1, "v1"), new CompareAndSet(2, NeverReturned, "v0", "v1", false)] },
        { "what nobody knows about happened, and was undone", [new CompareAndSet(0, NeverReturned, "v0", "v1", false), new Read(10, 11, "v1"), new Read(12, 13, "v0")] },
    };

    [Theory]
    [MemberData(nameof(KnownBad), DisableDiscoveryEnumeration = true)]
    public void A_bad_history_is_not(string why, RegisterOperation[] history) =>
        Assert.False(Linearizability.IsLinearizable("v0", history), why);

    public static TheoryData<string, RegisterOperation[]> KnownGood => new()
    {
        { "what nobody knows about happened late", [new CompareAndSet(0, NeverReturned, "v0", "v1", false), new Read(10, 11, "v0"), new Read(12, 13, "v1")] },
        { "what nobody knows about never happened", [new CompareAndSet(0, NeverReturned, "v0", "v1", false), new Read(10, 11, "v0")] },
        { "of two at once either may be first", [new CompareAndSet(0, 10, "v0", "v1", true), new Read(5, 6, "v0"), new Read(7, 8, "v1")] },
        { "a refusal was because of one at the same time", [new CompareAndSet(0, 10, "v0", "v1", true), new CompareAndSet(0, 10, "v0", "v2", false)] },
    };

    [Theory]
    [MemberData(nameof(KnownGood), DisableDiscoveryEnumeration = true)]
    public void A_strange_but_possible_history_is(string why, RegisterOperation[] history) =>
        Assert.True(Linearizability.IsLinearizable("v0", history), why);

    private static Gen<RegisterOperation> OperationGen() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 8], Gen.Int[1, 5], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Bool, (kind, invoked, takes, one, two, done) => kind switch
        {
            0 => (RegisterOperation)new Read(invoked, invoked + takes, $"v{one}"),
            1 => new CompareAndSet(invoked, invoked + takes, $"v{one}", $"v{two}", done),
            _ => new CompareAndSet(invoked, NeverReturned, $"v{one}", $"v{two}", false),
        });

    private static RegisterOperation[] Perform((int Kind, int Before, int After, int Guess, bool Lost)[] plan)
    {
        var value = "v0";
        var history = new List<RegisterOperation>();
        for (var i = 0; i < plan.Length; i++)
        {
            var (kind, before, after, guess, lost) = plan[i];
            var moment = 100 + (i * 10);
            if (kind == 0)
            {
                history.Add(new Read(moment - before, moment + after, value));
                continue;
            }
            // Sometimes the request itself is lost, sometimes only its answer.
            var expected = guess == 0 ? "v-other" : value;
            var happens = !(lost && kind == 1);
            var done = happens && expected == value;
            if (done) value = $"v{i + 1}";
            history.Add(new CompareAndSet(moment - before, lost ? NeverReturned : moment + after, expected, $"v{i + 1}", done && !lost));
        }
        return [.. history];
    }

    /// <summary>Whether some order fits: the next may be any that no other, left to do, has returned before.</summary>
    private static bool CanBeOrdered(string value, RegisterOperation[] left)
    {
        if (left.All(o => !o.IsCompleted)) return true;
        foreach (var next in left)
        {
            if (left.Any(other => !ReferenceEquals(other, next) && other.Returned < next.Invoked)) continue;
            var after = next switch
            {
                Read read => read.Value == value ? value : null,
                CompareAndSet set when set.Expected == value => set.Done || !set.IsCompleted ? set.New : null,
                CompareAndSet set => set.Done || !set.IsCompleted ? null : value,
                _ => null,
            };
            if (after is not null && CanBeOrdered(after, [.. left.Where(o => !ReferenceEquals(o, next))])) return true;
        }
        return false;
    }
}
