using ActorOrch.EndToEnd.Harness;

namespace ActorOrch.EndToEnd.Api;

/// <summary><c>kubectl auth</c>: questions of which nothing is stored.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ReviewsTests(SimulatedCluster cluster) : IClassFixture<SimulatedCluster>
{
    private readonly Kubectl _kubectl = cluster.Kubectl;

    [Fact]
    public async Task Kubectl_says_who_one_is_and_what_one_may()
    {
        Assert.Matches(@"(?m)^Username +kubernetes-admin$", await _kubectl.OutputAsync("auth", "whoami"));
        Assert.Contains("system:masters", await _kubectl.OutputAsync("auth", "whoami", "-o", "yaml"), StringComparison.Ordinal);
        Assert.Equal("yes", await _kubectl.OutputAsync("auth", "can-i", "create", "deployments.apps"));
        Assert.Equal("yes", await _kubectl.OutputAsync("auth", "can-i", "get", "/version", "--as", "bob"));
        Assert.Contains("selfsubjectreviews.authentication.k8s.io", await _kubectl.OutputAsync("auth", "can-i", "--list", "--as", "bob"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_review_is_explained_and_created_from_a_manifest()
    {
        Assert.Contains("nonResourceAttributes", await _kubectl.OutputAsync("explain", "subjectaccessreview.spec"), StringComparison.Ordinal);
        const string manifest = """
            apiVersion: authorization.k8s.io/v1
            kind: SubjectAccessReview
            spec: {user: bob, nonResourceAttributes: {path: /metrics, verb: get}}
            """;
        // kubectl validates what cannot be patched by itself, and to that end lists custom kinds, which are not served.
        Assert.Equal("false", (await _kubectl.RunWithInputAsync(manifest, "create", "--validate=ignore", "-f", "-", "-o", "jsonpath={.status.allowed}")).Succeeded().Output);
    }
}
