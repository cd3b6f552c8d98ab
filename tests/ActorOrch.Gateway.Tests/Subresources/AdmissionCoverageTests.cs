using System.Net;
using ActorOrch.Gateway.Tests.Fixtures;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Versions;
using ActorOrch.Testing;

namespace ActorOrch.Gateway.Tests.Subresources;

/// <summary>Admission sees everything that changes or reaches something: each operation of each kind, and of each of its subresources.</summary>
public sealed class AdmissionCoverageTests : GatewayTest
{
    private const string Labels = """{"metadata":{"labels":{"x":"y"}}}""";
    private const string Merge = "application/merge-patch+json";

    private static readonly Dictionary<string, string> Questions = new()
    {
        ["SelfSubjectReview"] = "{}",
        ["TokenReview"] = """{"spec":{"token":"x"}}""",
        ["SelfSubjectAccessReview"] = """{"spec":{"nonResourceAttributes":{"path":"/","verb":"get"}}}""",
        ["SubjectAccessReview"] = """{"spec":{"user":"jane","nonResourceAttributes":{"path":"/","verb":"get"}}}""",
        ["LocalSubjectAccessReview"] = """{"metadata":{"namespace":"default"},"spec":{"user":"jane","resourceAttributes":{"namespace":"default","verb":"get","resource":"pods"}}}""",
        ["SelfSubjectRulesReview"] = """{"spec":{"namespace":"default"}}""",
    };

    private readonly RecordingAdmission _step = new();

    public static TheoryData<string> Stored() => [.. BuiltIn.EveryVersion.Select(t => t.ToString())];

    public static TheoryData<string> Answered() => [.. ReviewTypes.All.Select(t => t.Kind)];

    protected override Task<TestGateway> StartAsync() =>
        TestGateway.StartAsync(change: options => options with { Api = new ObjectApi(options.Api.Registry, [_step], options.Time, new(1)) });

    [Theory]
    [MemberData(nameof(Stored))]
    public async Task A_stored_kind(string kind)
    {
        var type = BuiltIn.EveryVersion.Single(t => t.ToString() == kind);
        var collection = $"{(type.Group.Length == 0 ? "/api/" : "/apis/")}{type.ApiVersion}/{(type.Namespaced ? "namespaces/default/" : "")}{type.Plural}";
        var obj = $"{collection}/a";

        var created = await AskAsync(type, Operation.Create, "", "POST", collection, New(type));
        await AskAsync(type, Operation.Update, "", "PUT", obj, created);
        await AskAsync(type, Operation.Update, "", "PATCH", obj, Labels, Merge);
        await AskAsync(type, Operation.Update, "", "PATCH", $"{obj}?fieldManager=x", $$$"""{"apiVersion":"{{{type.ApiVersion}}}","kind":"{{{type.Kind}}}","metadata":{"name":"a"}}""", "application/apply-patch+yaml");
        foreach (var subresource in type.Subresources) await AskAsync(type, subresource, $"{obj}/{subresource.Name}");
        await AskAsync(type, Operation.Delete, "", "DELETE", $"{obj}?dryRun=All");
        if (type.Verbs.Contains("deletecollection")) await AskAsync(type, Operation.Delete, "", "DELETE", $"{collection}?dryRun=All");
    }

    [Theory]
    [MemberData(nameof(Answered))]
    public async Task A_kind_that_is_only_answered(string kind)
    {
        var type = ReviewTypes.All.Single(t => t.Kind == kind);
        var path = $"/apis/{type.ApiVersion}/{(type.Namespaced ? "namespaces/default/" : "")}{type.Plural}";
        await AskAsync(type, Operation.Create, "", "POST", path, Questions[kind]);
    }

    private async Task AskAsync(ResourceType type, Subresource subresource, string path)
    {
        foreach (var verb in subresource.Verbs.Where(v => v != "get" || subresource is Connection))
        {
            if (subresource is Connection connection)
            {
                // Logs are read.
                if (connection.Kind is not null) await AskAsync(type, Operation.Connect, subresource.Name, Method(verb), connection.TakesAnyPath ? $"{path}/x" : path, succeeds: false);
                continue;
            }
            var (operation, body) = verb switch
            {
                "create" => (Operation.Create, Posted(subresource)),
                "patch" => (Operation.Update, subresource is ObjectView ? """{"spec":{"replicas":2}}""" : Labels),
                _ => (Operation.Update, (await Gateway.SendAsync("GET", subresource.Verbs.Contains("get") ? path : path[..path.LastIndexOf('/')])).Body.ToJsonString()),
            };
            await AskAsync(type, operation, subresource.Name, Method(verb), $"{path}?dryRun=All", body, verb == "patch" ? Merge : "application/json");
        }
    }

    /// <summary>Sends a request and checks that both phases were asked about it, and about nothing else.</summary>
    private async Task<string> AskAsync(
        ResourceType type, Operation operation, string subresource, string method, string path, string? body = null, string contentType = "application/json", bool succeeds = true)
    {
        _step.Asked.Clear();
        using var answer = await Gateway.RespondAsync(method, path, body, contentType);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode == succeeds && answer.StatusCode != HttpStatusCode.MethodNotAllowed, $"{method} {path}: {(int)answer.StatusCode} {text}");
        Assert.Equal(["mutate", "validate"], _step.Asked.Select(a => a.Phase));
        Assert.All(_step.Asked, a =>
        {
            Assert.Equal((type, type.Storage, operation, subresource), (a.Request.RequestedType, a.Request.Type, a.Request.Operation, a.Request.Subresource));
            Assert.Contains("system:masters", a.Request.Caller.Groups);
            Assert.Equal(operation == Operation.Delete, a.Request.Object is null);
            Assert.Equal(operation is Operation.Update or Operation.Delete, a.Request.OldObject is not null);
            if (a.Request.Object is { } obj) Assert.Equal((a.Request.Kind.ApiVersion, a.Request.Kind.Kind), ((string)obj["apiVersion"]!, (string)obj["kind"]!));
        });
        return text;
    }

    private static string New(ResourceType type)
    {
        var obj = type.FromStorage(RichDocuments.Of(type.Storage));
        if (type == BuiltIn.EventsV1)
            foreach (var (name, value) in (KeyValuePair<string, string>[])[new("eventTime", "2030-01-01T00:00:00.000000Z"), new("reportingController", "c"), new("reportingInstance", "i"), new("action", "A")])
                obj[name] = value;
        // Upstream takes no time of another kind of an event of this one.
        if (type == BuiltIn.EventsV1)
            foreach (var name in (string[])["deprecatedFirstTimestamp", "deprecatedLastTimestamp", "deprecatedCount", "deprecatedSource"]) obj.Remove(name);
        return obj.ToJsonString();
    }

    private static string Posted(Subresource subresource) =>
        $$$"""{"apiVersion":"{{{subresource.Kind!.ApiVersion}}}","kind":"{{{subresource.Kind.Kind}}}","metadata":{"name":"a"},"target":{"name":"n1"}}""";

    private static string Method(string verb) => verb switch
    {
        "create" => "POST",
        "update" => "PUT",
        _ => verb.ToUpperInvariant(),
    };
}
