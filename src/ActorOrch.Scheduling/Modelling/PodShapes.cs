using System.Text;
using System.Text.Json;
using ActorOrch.Resources.Objects;
using ActorOrch.Scheduling.Relations;

namespace ActorOrch.Scheduling.Modelling;

/// <summary>Interns shapes, so that each distinct one is worked out once.</summary>
/// <param name="context">Of the cluster that the pods are placed in.</param>
public sealed class PodShapes(PlacementContext context)
{
    // Beyond this, sharing starts anew: pods keep the shapes that they have.
    private const int Most = 20_000;

    private readonly Dictionary<string, ShapeTemplate> _templates = [];
    private readonly StringBuilder _key = new();

    public PodShapes() : this(new PlacementContext())
    {
    }

    /// <summary>Of a pod without labels.</summary>
    public PodShape Of(JsonElement spec) => Of(spec, PodIdentity.None);

    public PodShape Of(JsonElement spec, in PodIdentity pod)
    {
        var key = KeyOf(spec);
        if (!_templates.TryGetValue(key, out var template))
        {
            if (_templates.Count >= Most) _templates.Clear();
            _templates[key] = template = new(spec);
        }
        return template.Of(pod, context);
    }

    // The text of all that is read of a spec. Two texts for one meaning only cost a shape more.
    private string KeyOf(JsonElement spec)
    {
        _key.Clear();
        foreach (var name in (ReadOnlySpan<string>)["nodeSelector", "affinity", "topologySpreadConstraints", "tolerations", "overhead", "preemptionPolicy"])
            Append(spec, name);
        foreach (var list in (ReadOnlySpan<string>)["containers", "initContainers"])
        {
            _key.Append('|');
            foreach (var container in JsonReading.Items(spec, list))
            {
                _key.Append(';');
                Append(container, "resources");
                Append(container, "ports");
                Append(container, "restartPolicy");
            }
        }
        return _key.ToString();
    }

    private void Append(JsonElement parent, string name)
    {
        _key.Append(',');
        if (parent.TryGetProperty(name, out var value)) _key.Append(value.GetRawText());
    }
}
