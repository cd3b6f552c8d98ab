using System.Text.Json.Nodes;
using ActorOrch.Registry.Api;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Registry.Admission;

/// <summary>
/// Lets a pod stay on a node that is not ready or unreachable for a while, where it does not say itself for how long.
/// Upstream's 300 s is a setting here; the default of 5 s lets a dead machine's pods be replaced within 15 s.
/// </summary>
public sealed class DefaultTolerationSeconds(int seconds) : IMutatingAdmission
{
    private static readonly string[] Taints = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

    public bool Handles(AdmissionTarget target) =>
        target.Type == BuiltIn.Pods && target.Subresource.Length == 0 && target.Operation is Operation.Create or Operation.Update;

    public ValueTask<bool> MutateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Object?["spec"] is not JsonObject spec) return new(false);
        var tolerations = spec["tolerations"] as JsonArray ?? [];
        var before = tolerations.Count;
        foreach (var taint in Taints)
        {
            if (tolerations.Any(t => Tolerates(Field.Root(t), taint))) continue;
            tolerations.Add(new JsonObject
            {
                ["key"] = taint,
                ["operator"] = "Exists",
                ["effect"] = "NoExecute",
                ["tolerationSeconds"] = seconds,
            });
        }
        if (tolerations.Parent is null) spec["tolerations"] = tolerations;
        return new(tolerations.Count > before);
    }

    private static bool Tolerates(Field toleration, string taint) =>
        toleration["key"].Text is var key && (key.Length == 0 || key == taint) && toleration["effect"].Text is "" or "NoExecute";
}
