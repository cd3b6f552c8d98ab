using ActorOrch.Resources.Catalog;

namespace ActorOrch.Resources.Tests.Kinds.Services;

public sealed class ServiceWarningTests
{
    [Theory]
    [InlineData("LoadBalancer", "spec.type: LoadBalancer: this cluster has no load balancers")]
    [InlineData("ExternalName", "spec.type: ExternalName: this cluster has no DNS")]
    public void A_type_of_which_something_is_missing_is_accepted_with_a_warning(string type, string expected) =>
        Assert.StartsWith(expected, Assert.Single(BuiltIn.Services.Rules.Warnings(Documents.Parse($$$"""{"metadata":{"name":"s"},"spec":{"type":"{{{type}}}"}}"""))), StringComparison.Ordinal);

    [Theory]
    [InlineData("ClusterIP")]
    [InlineData("NodePort")]
    public void What_works_is_accepted_without(string type) =>
        Assert.Empty(BuiltIn.Services.Rules.Warnings(Documents.Parse($$$"""{"metadata":{"name":"s"},"spec":{"type":"{{{type}}}"}}""")));
}
