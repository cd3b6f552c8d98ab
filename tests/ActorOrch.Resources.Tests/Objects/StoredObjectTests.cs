using System.Text;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Tests.Objects;

public sealed class StoredObjectTests
{
    [Fact]
    public void What_was_read_is_kept_for_a_while_and_not_beside_every_object_of_many()
    {
        var first = ConfigMap("first", "");
        var meta = first.Meta;
        var reads = 0;
        for (var i = 0; i < 1000; i++) Assert.Equal("first", first.Facts(o => { reads++; return o.Key.Name; }));
        Assert.InRange(reads, 1, 10);

        for (var i = 0; i < 400_000; i++) Assert.Equal("other", ConfigMap("other", "").Meta.Name);

        Assert.NotSame(meta, first.Meta);
        Assert.Equal("first", first.Meta.Name);
        Assert.Equal(["again"], first.Facts(_ => new List<string> { "again" }));
    }

    [Fact]
    public void A_large_object_is_read_each_time()
    {
        var large = ConfigMap("large", new string('x', 100_000));
        Assert.NotSame(large.Meta, large.Meta);
        Assert.Equal("large", large.Meta.Name);
    }

    [Fact]
    public void The_parts_of_an_object_can_be_read_from_many_threads()
    {
        var objects = Enumerable.Range(0, 20_000).Select(i => ConfigMap($"n{i}", "")).ToArray();
        Parallel.For(0, 100_000, i =>
        {
            var obj = objects[i % objects.Length];
            Assert.Equal(obj.Key.Name, obj.Meta.Name);
            Assert.Equal(obj.Key.Name, obj.Facts(o => o.Key.Name));
        });
    }

    private static StoredObject ConfigMap(string name, string value) => StoredObject.FromJson(BuiltIn.ConfigMaps, Encoding.UTF8.GetBytes(
        $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{name}}","namespace":"default","resourceVersion":"7"},"data":{"value":"{{value}}"} }"""));
}
