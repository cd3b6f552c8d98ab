using ActorOrch.Resources.Catalog;

namespace ActorOrch.Resources.Tests.Kinds.Ingresses;

public class IngressTests
{
    private const string Path = """{"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}}""";

    [Theory]
    [InlineData("""{"rules":[{"host":"example.com","http":{"paths":[PATH]}}]}""")]
    [InlineData("""{"ingressClassName":"nginx","rules":[{"host":"*.example.com","http":{"paths":[PATH]}}],"tls":[{"hosts":["*.example.com"],"secretName":"s"}]}""")]
    [InlineData("""{"defaultBackend":{"resource":{"apiGroup":"example.com","kind":"Bucket","name":"b"}}}""")]
    [InlineData("""{"rules":[{"http":{"paths":[{"pathType":"ImplementationSpecific","backend":{"service":{"name":"web","port":{"name":"http"}}}}]}}]}""")]
    public void What_leads_somewhere_is_taken(string spec) => Assert.Empty(Errors(spec));

    [Theory]
    [InlineData("{}", "spec: Invalid value: \"\": either `defaultBackend` or `rules` must be specified")]
    [InlineData("""{"rules":[{"host":"10.0.0.1"}]}""", "spec.rules[0].host: Invalid value: \"10.0.0.1\": must be a DNS name, not an IP address")]
    [InlineData("""{"rules":[{"http":{"paths":[]}}]}""", "spec.rules[0].http.paths: Required value")]
    [InlineData("""{"rules":[{"http":{"paths":[{"backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}""", "spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified")]
    [InlineData("""{"rules":[{"http":{"paths":[{"pathType":"Regex","backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}""", "spec.rules[0].http.paths[0].pathType: Unsupported value: \"Regex\": supported values: \"Exact\", \"ImplementationSpecific\", \"Prefix\"")]
    [InlineData("""{"rules":[{"http":{"paths":[{"path":"a","pathType":"Exact","backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}""", "spec.rules[0].http.paths[0].path: Invalid value: \"a\": must be an absolute path")]
    [InlineData("""{"rules":[{"http":{"paths":[{"path":"/a/../b","pathType":"Exact","backend":{"service":{"name":"web","port":{"number":80}}}}]}}]}""", "spec.rules[0].http.paths[0].path: Invalid value: \"/a/../b\": must not contain '/../'")]
    [InlineData("""{"defaultBackend":{}}""", "spec.defaultBackend.service.name: Required value")]
    [InlineData("""{"defaultBackend":{"service":{"name":"web"}}}""", "spec.defaultBackend.service.port: Required value: port name or number is required")]
    [InlineData("""{"defaultBackend":{"service":{"name":"web","port":{"number":80}},"resource":{"kind":"Bucket","name":"b"}}}""", "spec.defaultBackend: Invalid value: \"\": cannot set both resource and service backends")]
    public void What_does_not_is_refused(string spec, string error) => Assert.Contains(error, Errors(spec));

    [Fact]
    public void The_older_annotation_is_no_second_class_beside_the_field()
    {
        const string annotated = """{"metadata":{"annotations":{"kubernetes.io/ingress.class":"a"}},"spec":{"ingressClassName":"b","rules":[{}]}}""";

        Assert.Equal(
            ["metadata.annotations[kubernetes.io/ingress.class]: Invalid value: \"a\": can not be set when the class field is also set"],
            Documents.ErrorsOfCreate(BuiltIn.Ingresses, annotated));
        Assert.Single(BuiltIn.Ingresses.Rules.Warnings(Documents.Parse(annotated)));
    }

    [Theory]
    [InlineData("""{"controller":"example.com/c"}""", null)]
    [InlineData("""{"controller":"example.com/c","parameters":{"apiGroup":"example.com","kind":"P","name":"p"}}""", null)]
    [InlineData("{}", "spec.controller: Required value")]
    [InlineData("""{"controller":"c"}""", "spec.controller: Invalid value: \"c\": must be a domain-prefixed path (such as \"acme.io/foo\")")]
    [InlineData("""{"controller":"example.com/c","parameters":{"kind":"P","name":"p","scope":"Namespace"}}""", "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'")]
    [InlineData("""{"controller":"example.com/c","parameters":{"kind":"P","name":"p","namespace":"n"}}""", "spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'")]
    public void A_class_names_its_controller_by_a_domain(string spec, string? error)
    {
        var errors = Documents.ErrorsOfCreate(BuiltIn.IngressClasses, $$$"""{"spec":{{{spec}}}}""");

        if (error is null) Assert.Empty(errors);
        else Assert.Contains(error, errors);
    }

    [Fact]
    public void A_class_keeps_its_controller()
    {
        var old = Documents.Created(BuiltIn.IngressClasses, """{"spec":{"controller":"example.com/c"}}""");

        Assert.Equal(["spec.controller: Invalid value: \"example.com/d\": field is immutable"],
            Documents.ErrorsOfUpdate(BuiltIn.IngressClasses, old, c => c["spec"]!["controller"] = "example.com/d"));
    }

    private static IReadOnlyList<string> Errors(string spec) =>
        Documents.ErrorsOfCreate(BuiltIn.Ingresses, $$$"""{"spec":{{{spec.Replace("PATH", Path)}}}}""");
}
