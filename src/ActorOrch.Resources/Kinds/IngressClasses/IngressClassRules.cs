using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.IngressClasses;

/// <summary><c>networking.k8s.io/v1 IngressClass</c>: which controller serves the Ingresses that name it.</summary>
internal sealed class IngressClassRules : KindRules
{
    private const int LongestController = 250;
    private static readonly string[] Scopes = ["Cluster", "Namespace"];

    public override bool HasGeneration => true;

    public override void Default(System.Text.Json.Nodes.JsonObject obj)
    {
        if (obj.Find("spec")?.Find("parameters") is { } parameters) parameters.Default("scope", "Cluster");
    }

    public override void Validate(Field obj, FieldErrors errors)
    {
        CheckController(obj["spec"]["controller"], errors);
        if (obj["spec"]["parameters"].Exists) CheckParameters(obj["spec"]["parameters"], errors);
    }

    public override void ValidateUpdate(Field obj, Field old, FieldErrors errors) =>
        Immutable.Check(obj["spec"]["controller"], old["spec"]["controller"], errors);

    private static void CheckController(Field controller, FieldErrors errors)
    {
        if (controller.Text.Length == 0)
        {
            errors.Required(controller);
            return;
        }
        if (controller.Text.Length > LongestController) errors.TooLong(controller, LongestController);
        var slash = controller.Text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) errors.Invalid(controller, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        else foreach (var wrong in Names.Dns1123Subdomain(controller.Text[..slash])) errors.Invalid(controller, controller.Text[..slash], wrong);
    }

    private static void CheckParameters(Field parameters, FieldErrors errors)
    {
        Checks.Name(parameters["apiGroup"], Names.Dns1123Subdomain, errors);
        foreach (var name in (string[])["kind", "name"])
            if (parameters[name].Text.Length == 0) errors.Required(parameters[name], $"{name} is required");
        Checks.OneOf(parameters["scope"], Scopes, errors);
        var (scope, space) = (parameters["scope"].Text, parameters["namespace"]);
        if (scope == "Namespace" && space.Text.Length == 0) errors.Required(space, "`parameters.scope` is set to 'Namespace'");
        if (scope == "Cluster" && space.Exists) errors.Forbidden(space, "`parameters.scope` is set to 'Cluster'");
        Checks.Name(space, Names.Dns1123Label, errors);
    }
}
