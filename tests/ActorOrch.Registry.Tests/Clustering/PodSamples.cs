using System.Text.Json.Nodes;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Tests.Clustering;

/// <summary>Pods that refer to something.</summary>
internal static class PodSamples
{
    public static ObjectDraft ReferringTo(string name, string node, string? configMap = null, string? secret = null)
    {
        var volumes = new JsonArray();
        if (configMap is not null) volumes.Add(new JsonObject { ["name"] = "c", ["configMap"] = new JsonObject { ["name"] = configMap } });
        if (secret is not null) volumes.Add(new JsonObject { ["name"] = "s", ["secret"] = new JsonObject { ["secretName"] = secret } });
        return ObjectDraft.Encode(new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
            ["spec"] = new JsonObject { ["nodeName"] = node, ["containers"] = new JsonArray(), ["volumes"] = volumes },
        });
    }

    public static ObjectDraft Secret(string name, string text = "x") => ObjectDraft.Encode(new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default", ["uid"] = name },
        ["data"] = new JsonObject { ["text"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text)) },
    });
}
