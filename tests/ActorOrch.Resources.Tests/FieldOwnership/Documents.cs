using System.Text.Json.Nodes;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Schemas;
using CsCheck;
using k8s.Models;

namespace ActorOrch.Resources.Tests.FieldOwnership;

/// <summary>Small Deployments of many shapes: maps, keyed lists, sets, lists and maps with one owner.</summary>
internal static class Documents
{
    public static readonly Schema Schema = Schema.Of(typeof(V1Deployment));

    private static readonly Gen<string> Names = Gen.OneOf("a", "b", "c");

    private static readonly Gen<string> Values = Gen.OneOf("1", "2", "3");

    private static readonly Gen<JsonObject> Map = Gen.Select(Names, Values).List[0, 3].Select(pairs =>
    {
        var map = new JsonObject();
        foreach (var (name, value) in pairs) map[name] = value;
        return map;
    });

    private static readonly Gen<JsonArray> Ports = Gen.Select(Gen.Int[80, 82], Gen.Bool, Values).List[0, 2].Select(ports => new JsonArray(
        [.. ports.DistinctBy(p => (p.Item1, p.Item2)).Select(p => new JsonObject { ["containerPort"] = Number(p.Item1), ["protocol"] = p.Item2 ? "TCP" : "UDP", ["name"] = p.Item3 })]));

    private static readonly Gen<JsonArray> Containers = Gen.Select(Names, Values, Ports, Values.List[0, 2]).List[0, 3].Select(containers => new JsonArray(
        [.. containers.DistinctBy(c => c.Item1).Select(c => Without(new JsonObject
        {
            ["name"] = c.Item1,
            ["image"] = c.Item2,
            ["ports"] = c.Item3.DeepClone(),
            ["args"] = new JsonArray([.. c.Item4.Select(a => JsonValue.Create(a))]),
        }))]));

    private static readonly Gen<JsonArray> Finalizers = Names.List[0, 3].Select(names => new JsonArray([.. names.Distinct().Select(n => JsonValue.Create("x/" + n))]));

    /// <summary>What someone may apply.</summary>
    public static readonly Gen<JsonObject> Applied = Gen.Select(Map, Finalizers, Containers, Map, Gen.Int[0, 3]).Select((labels, finalizers, containers, selector, replicas) =>
        Without(new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["metadata"] = Without(new JsonObject { ["name"] = "web", ["labels"] = labels.DeepClone(), ["finalizers"] = finalizers.DeepClone() }),
            ["spec"] = Without(new JsonObject
            {
                ["replicas"] = replicas == 0 ? null : Number(replicas),
                ["template"] = new JsonObject
                {
                    ["spec"] = Without(new JsonObject { ["containers"] = containers.DeepClone(), ["nodeSelector"] = selector.DeepClone() }),
                },
            }),
        }));

    public static JsonNode Number(int value) => JsonNode.Parse(value.ToString(System.Globalization.CultureInfo.InvariantCulture))!;

    public static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    public static AppliedConfiguration Configuration(JsonObject document) =>
        AppliedConfiguration.Decode(System.Text.Encoding.UTF8.GetBytes(document.ToJsonString()), Schema, "apps/v1", "Deployment", new("default", "web")).Applied;

    private static JsonObject Without(JsonObject obj)
    {
        foreach (var (name, value) in obj.ToArray())
            if (value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 }) obj.Remove(name);
        return obj;
    }
}
