using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Kinds.Services;

/// <summary><c>core/v1 Service</c>. Addresses and node ports are allocated by admission; here they are kept and claimed.</summary>
internal sealed class ServiceRules : KindRules
{
    private static readonly Dictionary<string, Func<StoredObject, string>> Selectors = new()
    {
        ["spec.clusterIP"] = JsonText.Reader("spec", "clusterIP"),
        ["spec.type"] = JsonText.Reader("spec", "type"),
    };

    public override IReadOnlyDictionary<string, Func<StoredObject, string>> FieldSelectors => Selectors;

    public override bool ReturnsDeleted => true;

    public override bool AllowCreateOnUpdate => true;

    public override IEnumerable<string> CheckName(string name, bool prefix) => Names.Dns1035Label(name, prefix);

    public override void PrepareForCreate(JsonObject obj) => obj["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };

    public override void PrepareForUpdate(JsonObject obj, JsonObject old)
    {
        base.PrepareForUpdate(obj, old);
        if (obj.Find("spec") is { } spec && old.Find("spec") is { } oldSpec) ServiceAllocations.CarryOver(spec, oldSpec);
    }

    public override void Default(JsonObject obj) => ServiceDefaults.Apply(obj);

    public override void Validate(Field obj, FieldErrors errors) => ServiceValidation.Validate(obj, errors);

    public override IEnumerable<string> Warnings(JsonObject obj) => obj.Find("spec")?.Text("type") switch
    {
        "LoadBalancer" => ["spec.type: LoadBalancer: this cluster has no load balancers: the service is reached at its cluster IP and its node ports, and its external IP stays pending unless another controller sets it"],
        "ExternalName" => ["spec.type: ExternalName: this cluster has no DNS: nothing resolves the service's name"],
        _ => [],
    };

    public override void ValidateUpdate(Field obj, Field old, FieldErrors errors) => ServiceValidation.ValidateUpdate(obj, old, errors);

    public override void ValidateStatusUpdate(Field obj, Field old, FieldErrors errors)
    {
        var points = obj["status"]["loadBalancer"]["ingress"];
        if (obj["spec"]["type"].Text != "LoadBalancer" && points.Items.Any())
            errors.Forbidden(points, "may only be used when `spec.type` is 'LoadBalancer'");
        else LoadBalancerPoints.Validate(points, errors);
    }

    public override IEnumerable<string> Claims(JsonObject obj)
    {
        if (obj.Find("spec") is not { } spec) yield break;
        if (spec["clusterIPs"] is JsonArray addresses)
            foreach (var address in addresses)
                if (address?.GetValue<string>() is { Length: > 0 } text and not "None") yield return $"clusterIP:{text}";
        var claimed = new HashSet<string>();
        foreach (var port in spec.Objects("ports"))
            if (port.Integer("nodePort") is { } number and > 0 && claimed.Add($"nodePort:{port.Text("protocol")}:{number}"))
                yield return $"nodePort:{port.Text("protocol")}:{number}";
    }
}
