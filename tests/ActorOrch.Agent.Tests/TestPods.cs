using System.Text.Json.Nodes;
using k8s.Models;

namespace ActorOrch.Agent.Tests;

/// <summary>Pods as the API would hand them to an agent: defaulted, with a uid.</summary>
internal static class TestPods
{
    public static V1Pod Sleeping(string name, long grace = 1) => Of(name, grace, Container("main", "sleep 3600"));

    public static V1Pod Of(string name, params V1Container[] containers) => Of(name, 1, containers);

    public static V1Pod Of(string name, long grace, params V1Container[] containers) => new()
    {
        ApiVersion = "v1",
        Kind = "Pod",
        Metadata = new() { Name = name, NamespaceProperty = "default", Uid = Guid.NewGuid().ToString(), Labels = new Dictionary<string, string> { ["app"] = name } },
        Spec = new()
        {
            RestartPolicy = "Always",
            TerminationGracePeriodSeconds = grace,
            Containers = [.. containers],
            NodeName = "node",
        },
        Status = new() { Phase = "Pending" },
    };

    public static V1Container Container(string name, string script) => new()
    {
        Name = name,
        Image = TestImage.Reference,
        ImagePullPolicy = "IfNotPresent",
        Command = ["sh", "-c", script],
    };

    public static JsonObject ConfigMap(string name, params (string Key, string Value)[] data) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "ConfigMap",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default", ["uid"] = name },
        ["data"] = new JsonObject(data.Select(d => KeyValuePair.Create<string, JsonNode?>(d.Key, d.Value))),
    };
}
