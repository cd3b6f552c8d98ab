using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>Checks <c>core/v1 Probe</c> and <c>Lifecycle</c>.</summary>
internal static partial class ProbeValidation
{
    private static readonly string[] Schemes = ["HTTP", "HTTPS"];
    private static readonly string[] ProbeHandlers = ["exec", "httpGet", "tcpSocket", "grpc"];
    private static readonly string[] HookHandlers = ["exec", "httpGet", "tcpSocket", "sleep"];
    private static readonly string[] Numbers = ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"];

    public static void Validate(Field container, long? grace, FieldErrors errors)
    {
        foreach (var name in ContainerDefaults.Hooks)
            if (container["lifecycle"][name].Exists) CheckHandler(container["lifecycle"][name], HookHandlers, grace, errors);
        foreach (var name in ContainerDefaults.Probes)
            if (container[name].Exists) CheckProbe(container[name], isReadiness: name == "readinessProbe", grace, errors);
    }

    private static void CheckProbe(Field probe, bool isReadiness, long? grace, FieldErrors errors)
    {
        CheckHandler(probe, ProbeHandlers, grace, errors);
        foreach (var number in Numbers) Checks.NonNegative(probe[number], errors);
        var period = probe["terminationGracePeriodSeconds"];
        if (period.Integer is <= 0) errors.Invalid(period, "must be greater than 0");
        if (isReadiness)
        {
            if (period.Exists) errors.Invalid(period, "must not be set for readinessProbes");
        }
        else if (probe["successThreshold"].Integer != 1) errors.Invalid(probe["successThreshold"], "must be 1");
    }

    private static void CheckHandler(Field owner, string[] handlers, long? grace, FieldErrors errors)
    {
        var found = false;
        foreach (var name in handlers)
        {
            var handler = owner[name];
            if (!handler.Exists) continue;
            if (found)
            {
                errors.Forbidden(handler, "may not specify more than 1 handler type");
                continue;
            }
            found = true;
            CheckAction(name, handler, grace, errors);
        }
        if (!found) errors.Required(owner, "must specify a handler type");
    }

    private static void CheckAction(string name, Field action, long? grace, FieldErrors errors)
    {
        switch (name)
        {
            case "exec":
                if (!action["command"].Items.Any()) errors.Required(action["command"]);
                break;
            case "httpGet":
                if (action["path"].Text.Length == 0) errors.Required(action["path"]);
                Checks.PortNumberOrName(action["port"], errors);
                if (!Schemes.Contains(action["scheme"].Text)) errors.NotSupported(action["scheme"], Schemes);
                foreach (var header in action["httpHeaders"].Items)
                    if (!HeaderName().IsMatch(header["name"].Text))
                        errors.Invalid(action["httpHeaders"], header["name"].Text,
                            "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')");
                break;
            case "tcpSocket" or "grpc":
                Checks.PortNumberOrName(action["port"], errors);
                break;
            case "sleep":
                var seconds = action["seconds"].Integer ?? 0;
                if (grace is { } period && (seconds <= 0 || seconds > period))
                    errors.Invalid(action, seconds,
                        $"must be greater than 0 and less than terminationGracePeriodSeconds ({period}). Enable AllowPodLifecycleSleepActionZeroValue feature gate for zero sleep.");
                break;
        }
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"\A[-A-Za-z0-9]+\z")]
    private static partial System.Text.RegularExpressions.Regex HeaderName();
}
