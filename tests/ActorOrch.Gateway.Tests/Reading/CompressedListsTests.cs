using ActorOrch.Gateway.Reading;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Gateway.Tests.Reading;

public sealed class CompressedListsTests
{
    private readonly CompressedLists _lists = new(mostBytes: 100);

    [Fact]
    public void A_list_is_found_at_its_own_revision_alone()
    {
        _lists.Keep(BuiltIn.Pods, "a", 5, new byte[10]);

        Assert.Equal(10, _lists.Find(BuiltIn.Pods, "a", 5)?.Length);
        Assert.Null(_lists.Find(BuiltIn.Pods, "a", 6));
        Assert.Null(_lists.Find(BuiltIn.Pods, "", 5));
        Assert.Null(_lists.Find(BuiltIn.ConfigMaps, "a", 5));
    }

    [Fact]
    public void A_later_revision_replaces_an_earlier_one_and_not_the_other_way_round()
    {
        _lists.Keep(BuiltIn.Pods, "", 5, new byte[10]);
        _lists.Keep(BuiltIn.Pods, "", 6, new byte[20]);
        _lists.Keep(BuiltIn.Pods, "", 4, new byte[15]);

        Assert.Null(_lists.Find(BuiltIn.Pods, "", 5));
        Assert.Equal(20, _lists.Find(BuiltIn.Pods, "", 6)?.Length);
    }

    [Fact]
    public void The_least_used_go_first_and_one_that_is_too_large_is_not_kept()
    {
        for (var i = 0; i < 5; i++)
        {
            _lists.Keep(BuiltIn.Pods, $"n{i}", 1, new byte[25]);
            _lists.Find(BuiltIn.Pods, "n0", 1);
        }
        _lists.Keep(BuiltIn.Pods, "large", 1, new byte[26]);

        Assert.Equal(["n0", "n2", "n3", "n4"], Enumerable.Range(0, 5).Select(i => $"n{i}").Where(n => _lists.Find(BuiltIn.Pods, n, 1) is not null));
        Assert.Null(_lists.Find(BuiltIn.Pods, "large", 1));
    }
}
