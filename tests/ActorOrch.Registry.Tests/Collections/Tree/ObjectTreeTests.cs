using ActorOrch.Registry.Collections.Tree;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using CsCheck;

namespace ActorOrch.Registry.Tests.Collections.Tree;

public sealed class ObjectTreeTests
{
    /// <summary>A change: true puts, false removes. The batches end where a tree is built.</summary>
    private static readonly Gen<(bool Put, int Key)[][]> Batches = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 400]).Select((kind, key) => (kind != 0, key)).Array[0, 300].Array[0, 12];

    [Fact]
    public void It_holds_what_a_sorted_dictionary_holds_and_older_trees_stay_as_they_were() => Batches.Sample(batches =>
    {
        var model = new SortedDictionary<ObjectKey, StoredObject>();
        var tree = ObjectTree.Empty;
        var older = new List<(ObjectTree Tree, StoredObject[] Expected)>();
        var revision = 0;
        foreach (var batch in batches)
        {
            var builder = new ObjectTreeBuilder(tree);
            foreach (var (put, number) in batch)
            {
                var key = KeyOf(number);
                model.TryGetValue(key, out var known);
                Assert.Same(known, builder.Find(key));
                if (put)
                {
                    var obj = Object(key, ++revision);
                    Assert.Same(known, builder.Put(obj));
                    model[key] = obj;
                }
                else
                {
                    Assert.Same(known, builder.Remove(key));
                    model.Remove(key);
                }
                Assert.Equal(model.Count, builder.Count);
            }
            tree = builder.Build();
            older.Add((tree, [.. model.Values]));
        }
        foreach (var (then, expected) in older) Check(then, expected);
        Check(ObjectTree.Of(tree.Values.Reverse()), [.. tree.Values]);
    });

    [Fact]
    public void Keys_that_rise_fill_its_leaves() => Assert.InRange(LeavesOf(Enumerable.Range(0, 10_000).Select(i => 3 * i)), 10_000 / 32, 10_000 / 30);

    [Fact]
    public void It_shrinks_with_what_it_holds()
    {
        var builder = new ObjectTreeBuilder(ObjectTree.Of(Enumerable.Range(0, 10_000).Select(i => Object(KeyOf(i), 1))));
        for (var i = 0; i < 10_000; i++)
            if (i % 50 != 0) builder.Remove(KeyOf(i));
        Assert.InRange(Leaves(builder.Build().Root), 200 / 32, 200 / 8 + 1);
        for (var i = 0; i < 10_000; i += 50) builder.Remove(KeyOf(i));
        Assert.Empty(builder.Build());
        Assert.IsType<TreeLeaf>(builder.Build().Root);
    }

    [Fact]
    public void Two_objects_of_one_key_make_no_tree() =>
        Assert.Throws<ArgumentException>(() => ObjectTree.Of([Object(KeyOf(1), 1), Object(KeyOf(1), 2)]));

    [Fact]
    public void A_build_without_a_change_is_the_same_tree()
    {
        var tree = ObjectTree.Of([Object(KeyOf(1), 1)]);
        var builder = new ObjectTreeBuilder(tree);
        Assert.Null(builder.Remove(KeyOf(2)));
        Assert.Same(tree, builder.Build());
    }

    private static void Check(ObjectTree tree, StoredObject[] expected)
    {
        Assert.Equal(expected.Length, tree.Count);
        Assert.Equal(expected, tree.Values);
        Assert.Equal(expected.Select(o => o.Key), tree.Keys);
        foreach (var obj in expected) Assert.Same(obj, tree.Find(obj.Key));
        foreach (var number in new[] { -1, 0, 17, 200, 399, 500 })
        {
            var key = KeyOf(number);
            var behind = expected.Where(o => o.Key.CompareTo(key) > 0).ToArray();
            Assert.Equal(behind, tree.After(key));
            Assert.Equal(behind.Length, tree.CountAfter(key));
        }
    }

    private static int LeavesOf(IEnumerable<int> numbers)
    {
        var builder = new ObjectTreeBuilder(ObjectTree.Empty);
        foreach (var number in numbers) builder.Put(Object(KeyOf(number), 1));
        return Leaves(builder.Build().Root);
    }

    private static int Leaves(TreeNode node) => node is TreeBranch branch ? branch.Children.Take(branch.Count).Sum(Leaves) : 1;

    private static ObjectKey KeyOf(int number) => new($"n{number % 3}", $"{number / 3:d6}");

    private static StoredObject Object(ObjectKey key, long revision) => new(BuiltIn.ConfigMaps, key, revision, []);
}
