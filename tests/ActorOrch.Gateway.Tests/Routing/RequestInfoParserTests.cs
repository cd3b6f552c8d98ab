using ActorOrch.Gateway.Routing;

namespace ActorOrch.Gateway.Tests.Routing;

public sealed class RequestInfoParserTests
{
    [Theory]
    [InlineData("GET", "/api/v1/namespaces", "list", "", "v1", "", "namespaces", "", "")]
    [InlineData("GET", "/api/v1/namespaces/a", "get", "", "v1", "a", "namespaces", "a", "")]
    [InlineData("PUT", "/api/v1/namespaces/a/finalize", "update", "", "v1", "a", "namespaces", "a", "finalize")]
    [InlineData("GET", "/api/v1/namespaces/a/status", "get", "", "v1", "a", "namespaces", "a", "status")]
    [InlineData("GET", "/api/v1/namespaces/a/pods", "list", "", "v1", "a", "pods", "", "")]
    [InlineData("GET", "/api/v1/namespaces/a/pods/b", "get", "", "v1", "a", "pods", "b", "")]
    [InlineData("HEAD", "/api/v1/namespaces/a/pods/b", "get", "", "v1", "a", "pods", "b", "")]
    [InlineData("GET", "/api/v1/namespaces/a/pods/b/log", "get", "", "v1", "a", "pods", "b", "log")]
    [InlineData("POST", "/api/v1/namespaces/a/pods", "create", "", "v1", "a", "pods", "", "")]
    [InlineData("DELETE", "/api/v1/namespaces/a/pods", "deletecollection", "", "v1", "a", "pods", "", "")]
    [InlineData("DELETE", "/api/v1/namespaces/a/pods/b", "delete", "", "v1", "a", "pods", "b", "")]
    [InlineData("GET", "/api/v1/nodes/n", "get", "", "v1", "", "nodes", "n", "")]
    [InlineData("PATCH", "/apis/apps/v1/namespaces/a/deployments/d/scale", "patch", "apps", "v1", "a", "deployments", "d", "scale")]
    [InlineData("GET", "/apis/apps/v1/deployments", "list", "apps", "v1", "", "deployments", "", "")]
    [InlineData("GET", "/api/v1/watch/namespaces/a/pods/b", "watch", "", "v1", "a", "pods", "b", "")]
    [InlineData("GET", "/api/v1/watch/pods", "watch", "", "v1", "", "pods", "", "")]
    public void A_resource_path_is_read_as_upstream_reads_it(
        string method, string path, string verb, string group, string version, string @namespace, string resource, string name, string subresource)
    {
        var info = RequestInfoParser.Parse(method, path, watching: false);

        Assert.True(info.IsResource);
        Assert.Equal(
            (verb, group, version, @namespace, resource, name, subresource),
            (info.Verb, info.Group, info.Version, info.Namespace, info.Resource, info.Name, info.Subresource));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api")]
    [InlineData("/api/v1")]
    [InlineData("/apis/apps")]
    [InlineData("/apis/apps/v1")]
    [InlineData("/version")]
    [InlineData("/openapi/v3/apis/apps/v1")]
    public void Other_paths_are_no_resources(string path) =>
        Assert.False(RequestInfoParser.Parse("GET", path, watching: false).IsResource);

    [Fact]
    public void A_list_with_watch_is_a_watch_and_a_get_with_watch_is_a_get()
    {
        Assert.Equal("watch", RequestInfoParser.Parse("GET", "/api/v1/pods", watching: true).Verb);
        Assert.Equal("get", RequestInfoParser.Parse("GET", "/api/v1/namespaces/a/pods/b", watching: true).Verb);
    }

    [Fact]
    public void What_follows_a_subresource_is_kept()
    {
        var info = RequestInfoParser.Parse("GET", "/api/v1/namespaces/a/services/s/proxy/some/path", watching: false);

        Assert.Equal(("proxy", "some/path"), (info.Subresource, info.Rest));
    }
}
