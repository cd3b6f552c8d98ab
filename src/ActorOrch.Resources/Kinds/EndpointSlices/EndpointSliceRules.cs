using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.EndpointSlices;

/// <summary><c>discovery.k8s.io/v1 EndpointSlice</c>.</summary>
internal sealed class EndpointSliceRules : KindRules
{
    public override bool HasGeneration => true;

    // The slice has no spec: all of it is what is wanted.
    public override bool ChangesGeneration(JsonObject obj, JsonObject old) =>
        !JsonNode.DeepEquals(obj["endpoints"], old["endpoints"])
        || !JsonNode.DeepEquals(obj["ports"], old["ports"])
        || !JsonNode.DeepEquals(obj["metadata"]?["labels"], old["metadata"]?["labels"]);

    public override void Default(JsonObject obj)
    {
        foreach (var port in obj.Objects("ports"))
        {
            port.Default("name", "");
            port.Default("protocol", "TCP");
        }
    }

    public override void Validate(Field obj, FieldErrors errors) => EndpointSliceValidation.Validate(obj, errors);

    public override void ValidateUpdate(Field obj, Field old, FieldErrors errors) =>
        Immutable.Check(obj["addressType"], old["addressType"], errors);
}
