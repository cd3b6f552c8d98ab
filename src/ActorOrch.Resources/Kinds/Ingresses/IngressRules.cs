using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds.Services;

namespace ActorOrch.Resources.Kinds.Ingresses;

/// <summary><c>networking.k8s.io/v1 Ingress</c>: which hosts and paths lead to which services. A controller of its class serves it.</summary>
internal sealed class IngressRules : KindRules
{
    public const string ClassAnnotation = "kubernetes.io/ingress.class";

    public override bool HasGeneration => true;

    public override void PrepareForCreate(JsonObject obj) => obj["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };

    public override void Validate(Field obj, FieldErrors errors) => IngressValidation.Validate(obj["spec"], errors);

    public override void ValidateCreate(Field obj, FieldErrors errors)
    {
        var annotation = obj["metadata"]["annotations"].Key(ClassAnnotation);
        if (annotation.Exists && obj["spec"]["ingressClassName"].Exists)
            errors.Invalid(annotation, "can not be set when the class field is also set");
    }

    public override void ValidateStatusUpdate(Field obj, Field old, FieldErrors errors) => LoadBalancerPoints.Validate(obj["status"]["loadBalancer"]["ingress"], errors);

    public override IEnumerable<string> Warnings(JsonObject obj)
    {
        if (Field.Root(obj)["metadata"]["annotations"].Key(ClassAnnotation).Exists)
            yield return $"annotation \"{ClassAnnotation}\" is deprecated, please use 'spec.ingressClassName' instead";
    }
}
