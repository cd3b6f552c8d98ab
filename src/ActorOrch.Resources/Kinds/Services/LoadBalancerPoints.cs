using ActorOrch.Resources.Addressing;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Services;

/// <summary>Checks where a load balancer says that it is reached: <c>status.loadBalancer.ingress</c> of services and ingresses.</summary>
internal static class LoadBalancerPoints
{
    private static readonly string[] Modes = ["Proxy", "VIP"];

    public static void Validate(Field points, FieldErrors errors)
    {
        foreach (var point in points.Items)
        {
            if (point["ip"].Text.Length > 0) Addresses.NotSpecial(point["ip"], errors);
            CheckMode(point, errors);
            if (point["hostname"].Text.Length == 0) continue;
            if (NetworkAddress.TryParse(point["hostname"].Text, out _)) errors.Invalid(point["hostname"], "must be a DNS name, not an IP address");
            else Checks.Name(point["hostname"], Names.Dns1123Subdomain, errors);
        }
    }

    private static void CheckMode(Field point, FieldErrors errors)
    {
        var mode = point["ipMode"];
        if (!mode.Exists) return;
        if (point["ip"].Text.Length == 0) errors.Forbidden(mode, "may not be specified when `ip` is not set");
        else if (!Modes.Contains(mode.Text)) errors.NotSupported(mode, Modes);
    }
}
