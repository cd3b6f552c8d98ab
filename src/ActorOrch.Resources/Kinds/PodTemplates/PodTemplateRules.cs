using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds.Pods;

namespace ActorOrch.Resources.Kinds.PodTemplates;

/// <summary><c>core/v1 PodTemplate</c>: a template on its own, for controllers that are not built in.</summary>
internal sealed class PodTemplateRules : KindRules
{
    public override bool HasGeneration => true;

    public override bool ReturnsDeleted => true;

    public override bool ChangesGeneration(JsonObject obj, JsonObject old) => !JsonNode.DeepEquals(obj["template"], old["template"]);

    public override void Default(JsonObject obj) => PodTemplate.Default(obj);

    public override void Validate(Field obj, FieldErrors errors) => PodTemplate.Validate(obj["template"], errors);

    public override IEnumerable<string> Warnings(JsonObject obj) => PodWarnings.OfTemplate(Field.Root(obj)["template"]);
}
