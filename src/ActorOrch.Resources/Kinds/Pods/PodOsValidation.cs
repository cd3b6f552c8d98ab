using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>Checks <c>spec.os</c>, and what only one operating system has.</summary>
internal static class PodOsValidation
{
    private const string NotForLinux = "windows options cannot be set for a linux pod";
    private static readonly string[] Known = ["linux", "windows"];

    public static void Validate(Field spec, FieldErrors errors)
    {
        var os = spec["os"];
        foreach (var container in PodContainers.Of(spec)) CheckStopSignal(container["lifecycle"]["stopSignal"], os, errors);
        if (!os.Exists) return;
        var name = os["name"].Text;
        if (name.Length == 0) errors.Required(os["name"], "cannot be empty");
        else if (!Known.Contains(name)) errors.NotSupported(os with { Node = os["name"].Node }, Known);
        if (name != "linux") return;
        foreach (var context in PodContainers.Of(spec).Select(c => c["securityContext"]).Prepend(spec["securityContext"]))
            if (context["windowsOptions"].Exists) errors.Forbidden(context["windowsOptions"], NotForLinux);
    }

    private static void CheckStopSignal(Field signal, Field os, FieldErrors errors)
    {
        if (!signal.Exists) return;
        if (os["name"].Text.Length == 0) errors.Forbidden(signal, "may not be set for containers with empty `spec.os.name`");
        else if (os["name"].Text == "linux" && !LinuxSignals.All.Contains(signal.Text)) errors.NotSupported(signal, LinuxSignals.All);
        else if (os["name"].Text == "windows" && signal.Text is not ("SIGTERM" or "SIGKILL")) errors.NotSupported(signal, "SIGKILL", "SIGTERM");
    }
}
