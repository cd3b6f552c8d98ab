using ActorOrch.Resources.Catalog;

namespace ActorOrch.Resources.Tests.Catalog;

public sealed class ResourceIdTests
{
    [Fact]
    public void Two_of_one_group_and_plural_are_the_same()
    {
        var (one, other) = (new ResourceId("apps", "deployments"), ResourceId.Parse("apps/deployments"));
        Assert.Equal(one, other);
        Assert.True(one == other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal(("apps/deployments", "deployments.apps"), (one.Collection, one.GroupResource));
        Assert.NotEqual(one, new("", "deployments"));
        Assert.Equal(one, BuiltIn.Deployments.Id);
    }

    [Fact]
    public void All_versions_of_a_kind_have_one_identity_of_which_errors_name_their_own() =>
        Assert.Equal(("events", "events", "events.events.k8s.io"), (BuiltIn.EventsV1.Collection, BuiltIn.EventsV1.Id.GroupResource, BuiltIn.EventsV1.GroupResource));

    [Fact]
    public void Every_kinds_identity_is_found_again_from_its_collections_name() =>
        Assert.All(BuiltIn.All, type => Assert.Equal(type.Id, ResourceId.Parse(type.Collection)));

    [Theory]
    [InlineData("")]
    [InlineData("/pods")]
    [InlineData("apps/")]
    [InlineData("a/b/c")]
    public void What_names_no_collection_is_refused(string text) => Assert.Throws<FormatException>(() => ResourceId.Parse(text));
}
