using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>Checks <c>core/v1 ContainerPort</c>.</summary>
internal static class PortValidation
{
    internal static readonly string[] Protocols = ["SCTP", "TCP", "UDP"];

    public static void Validate(Field ports, FieldErrors errors)
    {
        var names = new HashSet<string>();
        foreach (var port in ports.Items)
        {
            if (port["name"].Text.Length > 0 && Checks.PortName(port["name"], errors) && !names.Add(port["name"].Text))
                errors.Duplicate(port["name"]);
            var number = port["containerPort"].Integer ?? 0;
            if (number == 0) errors.Required(port["containerPort"]);
            else if (!Checks.IsPort(number)) errors.Invalid(port["containerPort"], Checks.PortRange);
            if (port["hostPort"].Integer is { } hostPort and not 0 && !Checks.IsPort(hostPort)) errors.Invalid(port["hostPort"], Checks.PortRange);
            if (port["hostIP"].Text.Length > 0) Checks.IP(port["hostIP"], errors);
            Checks.OneOf(port["protocol"], Protocols, errors);
        }
    }

    /// <summary>One host port serves one container.</summary>
    public static void CheckHostPortConflicts(Field ports, HashSet<string> taken, FieldErrors errors)
    {
        foreach (var port in ports.Items)
        {
            if (port["hostPort"].Integer is not { } number || number == 0) continue;
            var key = $"{port["protocol"].Text}/{port["hostIP"].Text}/{number}";
            if (!taken.Add(key)) errors.Duplicate(port["hostPort"], key);
        }
    }
}
