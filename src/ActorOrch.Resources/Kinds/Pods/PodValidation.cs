using System.Net.Sockets;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Addressing;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>Checks <c>core/v1 Pod</c> beyond its spec.</summary>
internal static class PodValidation
{
    public static void Validate(Field pod, FieldErrors errors)
    {
        var spec = pod["spec"];
        PodSpecValidation.Validate(spec, isTemplate: false, errors);
        if (spec["serviceAccountName"].Text.Length == 0) CheckTokens(spec["volumes"], errors);
        foreach (var list in PodSpecDefaults.ContainerLists)
            foreach (var container in spec[list].Items)
            {
                var image = container["image"];
                if (image.Text.Trim().Length != image.Text.Length) errors.Invalid(image, "must not have leading or trailing whitespace");
            }
    }

    public static void ValidateCreate(Field pod, FieldErrors errors)
    {
        var spec = pod["spec"];
        if (spec["ephemeralContainers"].Node is JsonArray { Count: > 0 }) errors.Forbidden(spec["ephemeralContainers"], "cannot be set on create");
        if (spec["nodeName"].Text.Length > 0 && spec["schedulingGates"].Node is JsonArray { Count: > 0 })
            errors.Forbidden(spec["nodeName"], "cannot be set until all schedulingGates have been cleared");
        PodSupport.Refuse(spec, errors);
    }

    public static void ValidateUpdate(Field pod, Field old, FieldErrors errors) => PodUpdateValidation.Validate(pod["spec"], old["spec"], errors);

    public static void ValidateStatusUpdate(Field pod, Field old, FieldErrors errors)
    {
        var (status, before) = (pod["status"], old["status"]);
        Immutable.Check(status["qosClass"], before["qosClass"], errors);
        Checks.Name(status["nominatedNodeName"], Names.Dns1123Subdomain, errors);
        CheckTransitions(status["containerStatuses"], before["containerStatuses"], old["spec"], errors);
        CheckTransitions(status["initContainerStatuses"], before["initContainerStatuses"], old["spec"], errors);
        CheckIPs(status["podIPs"], errors);
        CheckIPs(status["hostIPs"], errors);
        CheckReachable(status, before, errors);
        var first = status["hostIPs"].Items.FirstOrDefault();
        if (first.Exists && first["ip"].Text != status["hostIP"].Text) errors.Invalid(first["ip"], "must be equal to `hostIP`");
    }

    private static void CheckTokens(Field volumes, FieldErrors errors)
    {
        foreach (var volume in volumes.Items)
            foreach (var source in volume["projected"]["sources"].Items)
                if (source["serviceAccountToken"].Exists)
                    errors.Forbidden(source["serviceAccountToken"], "must not be specified when serviceAccountName is not set");
    }

    // A container that is not to be restarted stays terminated.
    private static void CheckTransitions(Field statuses, Field old, Field spec, FieldErrors errors)
    {
        var policy = spec["restartPolicy"].Text;
        if (policy == "Always") return;
        var sidecars = spec["initContainers"].Items.Where(c => c["restartPolicy"].Text == "Always").Select(c => c["name"].Text).ToHashSet();
        var running = statuses.Items.Where(s => !s["state"]["terminated"].Exists).Select(s => s["name"].Text).ToHashSet();
        var index = -1;
        foreach (var before in old.Items)
        {
            index++;
            var terminated = before["state"]["terminated"];
            if (!terminated.Exists || (terminated["exitCode"].Integer != 0 && policy == "OnFailure")) continue;
            if (sidecars.Contains(before["name"].Text)) continue;
            if (running.Contains(before["name"].Text))
                errors.Forbidden(new Field(null, $"{statuses.Path}[{index}].state"), "may not be transitioned to non-terminated state");
        }
    }

    // Proxies, services and policies go where a pod says that it is.
    private static void CheckReachable(Field status, Field before, FieldErrors errors)
    {
        var known = before["podIPs"].Items.Select(a => a["ip"].Text).Append(before["podIP"].Text).ToHashSet();
        foreach (var address in status["podIPs"].Items.Select(a => a["ip"]).Append(status["podIP"]))
            if (address.Text.Length > 0 && !known.Contains(address.Text)) Addresses.NotSpecial(address, errors);
    }

    private static void CheckIPs(Field addresses, FieldErrors errors)
    {
        var seen = new HashSet<string>();
        var families = new List<AddressFamily>();
        foreach (var address in addresses.Items)
        {
            var text = address["ip"].Text;
            Checks.IP(address with { Node = address["ip"].Node }, errors);
            if (NetworkAddress.TryParse(text, out var ip)) families.Add(ip.Family);
            if (!seen.Add(text)) errors.Duplicate(address);
        }
        if (families.Count > 1 && (families.Count > 2 || families[0] == families[1]))
            errors.Invalid(addresses, "may specify no more than one IP for each IP family");
    }
}
