using System.Data;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Selectors;
using k8s.Models;

namespace ActorOrch.Resources.Catalog.Subresources;

/// <summary><c>scale</c>: how many replicas an object wants and has, as an <c>autoscaling/v1 Scale</c>. The kind says where in its objects that stands.</summary>
/// <param name="specReplicasPath">As in <c>.spec.replicas</c>.</param>
/// <param name="labelSelectorPath">
/// What chooses the replicas: a <c>LabelSelector</c>, a map of labels, or the text of a selector. Null where nothing does.
/// </param>
/// <param name="selectsByMap">Whether the selector is a map of labels.</param>
public sealed class Scale(string specReplicasPath, string statusReplicasPath, string? labelSelectorPath, bool selectsByMap = false)
    : ObjectView("scale", new("autoscaling", "v1", "Scale", typeof(V1Scale)), "get", "patch", "update")
{
    /// <summary>As the kinds that come with Kubernetes have it.</summary>
    public static readonly Scale OfWorkloads = new(".spec.replicas", ".status.replicas", ".spec.selector");

    private readonly string[] _specReplicas = Split(specReplicasPath);
    private readonly string[] _statusReplicas = Split(statusReplicasPath);
    private readonly string[]? _selector = labelSelectorPath is null ? null : Split(labelSelectorPath);

    public override void CheckReadable(JsonObject obj)
    {
        if (At(obj, _specReplicas).Integer is null)
            throw new ApiException(500, "InternalError", $"Internal error occurred: the spec replicas field \"{specReplicasPath}\" does not exist");
    }

    public override void Validate(Field view, FieldErrors errors)
    {
        var replicas = view["spec"]["replicas"];
        Checks.NonNegative(replicas, errors);
    }

    public override void Write(JsonObject view, JsonObject obj)
    {
        var replicas = Field.Root(view)["spec"]["replicas"].Integer ?? 0;
        if (At(obj, _specReplicas).Integer != replicas) Parent(obj)[_specReplicas[^1]] = JsonEditing.Number(replicas);
    }

    protected override void Fill(JsonObject view, JsonObject obj)
    {
        view["spec"] = new JsonObject { ["replicas"] = JsonEditing.Number(At(obj, _specReplicas).Integer ?? 0) };
        var status = new JsonObject { ["replicas"] = JsonEditing.Number(At(obj, _statusReplicas).Integer ?? 0) };
        if (_selector is not null && At(obj, _selector) is { Exists: true } selector) status["selector"] = Text(selector);
        view["status"] = status;
    }

    protected override void WriteApplied(JsonObject view, JsonObject obj)
    {
        if (view.Find("spec")?["replicas"] is { } replicas) Parent(obj)[_specReplicas[^1]] = replicas.DeepClone();
    }

    private string Text(Field selector) => selector.Node switch
    {
        JsonValue => selector.Text,
        _ when selectsByMap => LabelSelector.FromMap(selector.Entries.Select(e => KeyValuePair.Create(e.Key, e.Value.Text))).ToString(),
        var node => LabelSelector.From(node).ToString(),
    };

    /// <summary>Where the wanted replicas stand, made where there is nothing yet.</summary>
    private JsonObject Parent(JsonObject obj)
    {
        foreach (var name in _specReplicas.AsSpan(0, _specReplicas.Length - 1))
        {
            if (obj[name] is { } other and not JsonObject)
                throw new ApiException(500, "InternalError",
                    $"Internal error occurred: value cannot be set because {specReplicasPath} leads through {TypeMeta.Describe(other)}");
            obj = obj.Child(name);
        }
        return obj;
    }

    private static Field At(JsonObject obj, string[] path)
    {
        var field = Field.Root(obj);
        foreach (var name in path) field = field[name];
        return field;
    }

    /// <summary>Whether it names fields, as in <c>.spec.replicas</c>.</summary>
    public static bool IsPath(string path) => Names(path).All(n => n.Length > 0);

    private static string[] Names(string path) => (path.StartsWith('.') ? path[1..] : path).Split('.');

    private static string[] Split(string path) =>
        IsPath(path) ? Names(path) : throw new ArgumentException($"\"{path}\" is no path of fields, as in .spec.replicas", nameof(path));
}
