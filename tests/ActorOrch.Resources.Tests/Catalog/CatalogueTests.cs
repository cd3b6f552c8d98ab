using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.CustomKinds;
using ActorOrch.Testing;

namespace ActorOrch.Resources.Tests.Catalog;

public sealed class CatalogueTests
{
    private static readonly ResourceType Widgets = CustomKind.Read(CustomDefinitions.Widgets());

    [Fact]
    public void Who_follows_is_told_of_all_there_is_and_of_each_change_until_it_leaves()
    {
        var catalogue = new Catalogue([BuiltIn.Pods]);
        var told = new List<string>();
        using (catalogue.Follow(change => told.Add($"+{Names(change.Added)} ~{Names(change.Changed)} -{Names(change.Removed)}")))
        {
            catalogue.Replace([BuiltIn.Pods, Widgets]);
            catalogue.Replace([BuiltIn.Pods, Widgets]);
            catalogue.Replace([BuiltIn.Pods, CustomKind.Read(CustomDefinitions.Widgets())]);
            catalogue.Replace([BuiltIn.Pods]);
        }
        catalogue.Replace([]);
        Assert.Equal(["+pods ~ -", "+widgets ~ -", "+ ~widgets -", "+ ~ -widgets"], told);
    }

    [Fact]
    public void A_kind_is_found_by_its_identity_its_collection_and_what_objects_say_of_it()
    {
        var resources = new ApiResources([.. BuiltIn.All, Widgets]);
        Assert.Same(Widgets, resources.Find(new ResourceId("example.com", "widgets")));
        Assert.Same(Widgets, resources.Find("example.com/widgets"));
        Assert.Same(Widgets, resources.Serving("example.com/v1", "Widget"));
        Assert.Same(BuiltIn.Events, resources.Serving("events.k8s.io/v1", "Event"));
        Assert.Null(resources.Serving("example.com/v2", "Widget"));
        Assert.Null(resources.Find(new ResourceId("", "widgets")));
    }

    [Fact]
    public void A_kind_that_was_there_is_known_to_be_gone_until_it_comes_back()
    {
        var catalogue = new Catalogue([BuiltIn.Pods]);
        Assert.False(catalogue.Current.IsGone("example.com/v1", "Widget"));
        catalogue.Replace([BuiltIn.Pods, Widgets]);
        catalogue.Replace([BuiltIn.Pods]);
        catalogue.Replace([]);
        Assert.True(catalogue.Current.IsGone("example.com/v1", "Widget"));
        catalogue.Replace([Widgets]);
        Assert.False(catalogue.Current.IsGone("example.com/v1", "Widget"));
    }

    private static string Names(IEnumerable<ResourceType> types) => string.Join(',', types.Select(t => t.Plural));
}
