using ActorOrch.Registry.Persistence.Identity;
using CsCheck;

namespace ActorOrch.Registry.Tests.Persistence.Identity;

/// <summary>A store is begun anew only where nothing says that there was one.</summary>
public sealed class StoreClaimTests
{
    private static readonly DirectoryFacts NoDirectory = new("/d", null, null, HasKeys: false);
    private static readonly DirectoryFacts Known = new("/d", "c1", "s1", HasKeys: true);
    private static readonly StorePart Journal = new("journal.db", "s1", "c1", HasRows: true), Snapshots = new("snapshots.db", "s1", "c1", HasRows: true);
    private static readonly StorePart Shared = new("PostgreSQL", "s1", null, HasRows: true);

    private static readonly Gen<StorePart> Part = Gen.Select(
        Gen.OneOf<string?>(null, "s1", "s2"), Gen.OneOf<string?>(null, "c1", "c2"), Gen.Bool, (store, cluster, rows) => new StorePart("part", store, cluster, rows));

    private static readonly Gen<StoreFacts> Facts = Gen.Select(
        Gen.Select(Gen.OneOf<string?>(null, "c1", "c2"), Gen.OneOf<string?>(null, "s1", "s2"), Gen.Bool, (cluster, store, keys) => new DirectoryFacts("/d", cluster, store, keys)),
        Part.Array[1, 2], Gen.OneOf<string?>(null, "collection/pods"), (directory, parts, behind) => new StoreFacts(directory, parts, behind));

    [Fact]
    public void What_disagrees_anywhere_is_refused() => Facts.Sample(facts =>
    {
        var stores = facts.Parts.Select(p => p.StoreId).Append(facts.Directory.StoreId).OfType<string>().Distinct().Count();
        var clusters = facts.Parts.Select(p => p.ClusterId).Append(facts.Directory.ClusterId).OfType<string>().Distinct().Count();
        return (stores <= 1 && clusters <= 1 && facts.Behind is null) || StoreClaim.Of(facts) is StoreClaim.Refused;
    }, iter: 2000);

    [Fact]
    public void A_new_id_is_made_only_where_none_stands_anywhere_and_nothing_but_an_earlier_version_has_stored() => Facts.Sample(facts =>
    {
        if (StoreClaim.Of(facts) is not StoreClaim.ToMark { StoreId: null }) return true;
        var isNew = facts.Parts.All(p => !p.HasRows)
            && !(facts.IsShared ? facts.Directory is { ClusterId: not null, HasKeys: true } : facts.Directory.HasKeys || facts.Directory.StoreId is not null);
        var isOlder = facts.Parts[0].HasRows && (facts.IsShared || facts.Directory is { ClusterId: not null, HasKeys: true });
        return facts.Parts.All(p => p.StoreId is null) && facts.Directory.StoreId is null && (isNew || isOlder);
    }, iter: 2000);

    [Fact]
    public void What_belongs_together_is_confirmed()
    {
        Assert.Equal(new StoreClaim.Confirmed("s1"), StoreClaim.Of(new(Known, [Journal, Snapshots], null)));
        Assert.Equal(new StoreClaim.Confirmed("s1"), StoreClaim.Of(new(Known, [Journal with { HasRows = false }, Snapshots with { HasRows = false }], null)));
        Assert.Equal(new StoreClaim.Confirmed("s1"), StoreClaim.Of(new(Known, [Shared], null)));
    }

    [Fact]
    public void A_first_start_and_one_that_was_cut_short_at_any_point_go_on()
    {
        var (none, marked) = (new StorePart("journal.db", null, null, false), Journal with { HasRows = false });
        var nothing = new StorePart("snapshots.db", null, null, false);
        Assert.Equal(new StoreClaim.ToMark(null, null), StoreClaim.Of(new(NoDirectory, [none, nothing], null)));
        Assert.Equal(new StoreClaim.ToMark("s1", "c1"), StoreClaim.Of(new(NoDirectory, [marked, nothing], null)));
        Assert.Equal(new StoreClaim.ToMark("s1", "c1"), StoreClaim.Of(new(NoDirectory, [marked, marked], null)));
        Assert.Equal(new StoreClaim.ToMark("s1", "c1"), StoreClaim.Of(new(NoDirectory with { HasKeys = true }, [marked, marked], null)));
        Assert.Equal(new StoreClaim.ToMark("s1", "c1"), StoreClaim.Of(new(NoDirectory with { HasKeys = true, StoreId = "s1" }, [marked, marked], null)));
        Assert.Equal(new StoreClaim.ToMark(null, "c1"), StoreClaim.Of(new(NoDirectory with { ClusterId = "c1" }, [none, nothing], null)));
    }

    [Fact]
    public void A_store_of_an_earlier_version_is_adopted()
    {
        var directory = Known with { StoreId = null };
        Assert.Equal(new StoreClaim.ToMark(null, "c1"), StoreClaim.Of(new(directory, [new("journal.db", null, null, true), new("snapshots.db", null, null, true)], null)));
        Assert.Equal(new StoreClaim.ToMark(null, "c1"), StoreClaim.Of(new(directory, [new("PostgreSQL", null, null, true)], null)));
    }

    [Fact]
    public void Tables_that_were_emptied_or_made_anew_are_not_taken_for_new_ones()
    {
        var emptied = Shared with { HasRows = false };
        Assert.Equal(new StoreClaim.Confirmed("s1"), StoreClaim.Of(new(Known, [emptied], null)));
        foreach (var directory in (DirectoryFacts[])[Known, NoDirectory])
        {
            Assert.Equal(
                "PostgreSQL has lost what was stored in it: its table journal is empty or was made anew",
                Assert.IsType<StoreClaim.Refused>(StoreClaim.Of(new(directory, [emptied with { SaysRows = true }], null))).Reason);
        }
    }

    /// <summary>In a database that is shared, a directory may be new, but not one in which a node ran.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("s1")]
    public void A_shared_store_does_not_begin_a_cluster_anew_where_a_node_ran(string? storeId)
    {
        var directory = Known with { ClusterId = null, StoreId = storeId };
        Assert.Equal(new StoreClaim.ToMark("s1", null), StoreClaim.Of(new(directory, [Shared], null)));
        Assert.Equal(
            "/d/cluster-id is missing, and /d/nodes/a is there, whose containers belong to the cluster that it named",
            Assert.IsType<StoreClaim.Refused>(StoreClaim.Of(new(directory with { Node = "/d/nodes/a" }, [Shared], null))).Reason);
        Assert.Equal(new StoreClaim.Confirmed("s1"), StoreClaim.Of(new(Known with { Node = "/d/nodes/a" }, [Shared], null)));
    }

    [Theory]
    [InlineData("journal.db is missing or was emptied, and snapshots.db is there", "journal")]
    [InlineData("snapshots.db is missing or was emptied, and journal.db is there", "snapshots")]
    [InlineData("journal.db is missing or was emptied, and /d belongs to the store s1", "both")]
    [InlineData("journal.db and snapshots.db hold nothing, and /d/pki has the keys of the store s1", "all but the keys")]
    [InlineData("/d/cluster-id is missing, and journal.db is not empty and belongs to the cluster c1", "cluster-id")]
    [InlineData("/d/pki has no keys, and journal.db and snapshots.db are not empty", "pki")]
    public void What_is_lost_is_named(string expected, string lost)
    {
        var directory = lost switch
        {
            "cluster-id" or "all but the keys" => Known with { ClusterId = null },
            "pki" => Known with { StoreId = null, HasKeys = false },
            _ => Known,
        };
        var facts = new StoreFacts(
            directory,
            [lost is "journal" or "both" or "all but the keys" ? new("journal.db", null, null, false) : Journal, lost is "snapshots" or "both" or "all but the keys" ? new("snapshots.db", null, null, false) : Snapshots],
            null);

        Assert.Equal(expected, Assert.IsType<StoreClaim.Refused>(StoreClaim.Of(facts)).Reason);
    }

    [Fact]
    public void An_empty_database_does_not_take_the_place_of_the_one_that_was_there()
    {
        var empty = new StorePart("PostgreSQL", null, null, false);
        Assert.IsType<StoreClaim.Refused>(StoreClaim.Of(new(Known, [empty], null)));
        Assert.IsType<StoreClaim.Refused>(StoreClaim.Of(new(Known with { StoreId = null }, [empty], null)));
        Assert.Equal(new StoreClaim.ToMark(null, null), StoreClaim.Of(new(NoDirectory, [empty], null)));
        Assert.Equal(new StoreClaim.ToMark("s1", null), StoreClaim.Of(new(NoDirectory, [Shared], null)));
    }
}
