using ActorOrch.Gateway.Reading;
using ActorOrch.Registry.Collections;
using ActorOrch.Registry.Collections.Tree;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;
using CsCheck;

namespace ActorOrch.Gateway.Tests.Reading;

public sealed class ListPageTests
{
    private static readonly Gen<(int Namespace, int Name)[]> Names = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 300]).Array[0, 400];

    [Fact]
    public void Pages_are_the_whole_list_cut_into_pieces_and_say_how_much_is_left() =>
        Gen.Select(Names, Gen.Int[1, 120]).Sample((names, limit) =>
        {
            StoredObject[] objects = [.. names.Distinct().Select(n => Object($"n{n.Namespace}", $"{n.Name}")).OrderBy(o => o.Key)];
            var snapshot = new Snapshot(77, ObjectTree.Of(objects));
            var seen = new List<StoredObject>();
            ObjectKey? after = null;
            while (true)
            {
                var page = ListPage.Take(snapshot, ObjectFilter.Everything(BuiltIn.ConfigMaps), after, limit);
                seen.AddRange(page.Items);
                Assert.Equal(77, page.Meta.Revision);
                Assert.Equal(objects[..seen.Count], seen);
                if (page.Meta.Continue is null) break;
                Assert.Equal(limit, page.Items.Count());
                Assert.Equal(objects.Length - seen.Count, page.Meta.Remaining);
                Assert.NotEqual(0, page.Meta.Remaining);
                after = ContinueToken.Decode(page.Meta.Continue).After;
            }
            Assert.Equal(objects.Length, seen.Count);
        });

    private static StoredObject Object(string @namespace, string name) => new(BuiltIn.ConfigMaps, new(@namespace, name), 1, []);
}
