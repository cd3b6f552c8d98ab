using System.Globalization;
using Docker.DotNet.Models;

namespace ActorOrch.Agent.Runtimes.Docker;

/// <summary>Between our description of a container and the engine's.</summary>
internal static class DockerContainers
{
    private const string LogFileSize = "10m";
    private const string LogFileCount = "5";

    /// <summary>
    /// Pods have a resolv.conf of ours, so the engine's own name server is of no use to them, and setting it up takes as long as all the rest of
    /// a container's network. There is no switch for it, but the engine gives it up where it cannot read this option.
    /// </summary>
    private const string NoEngineResolver = "ndots:-1";
    private const string DisableIPv6 = "net.ipv6.conf.all.disable_ipv6";
    private const long NanoCpusPerMillicore = 1_000_000;

    /// <param name="ownIPv6">The IPv6 address is added by us later: the engine only has to leave the protocol on.</param>
    public static CreateContainerParameters ToParameters(ContainerSpec spec, string nodeName, bool ownIPv6)
    {
        var parameters = new CreateContainerParameters
        {
            Name = spec.Name,
            Image = spec.Image,
            Env = [.. spec.Environment.Select(e => $"{e.Key}={e.Value}")],
            Labels = new Dictionary<string, string>(spec.Labels) { [ContainerLabels.Node] = nodeName },
            Tty = spec.Tty,
            OpenStdin = spec.Stdin,
            StdinOnce = spec.StdinOnce,
            HostConfig = HostConfigOf(spec),
        };
        if (spec.Command is { Count: > 0 }) parameters.Entrypoint = [.. spec.Command];
        if (spec.Args is { Count: > 0 }) parameters.Cmd = [.. spec.Args];
        if (spec.WorkingDirectory is { Length: > 0 }) parameters.WorkingDir = spec.WorkingDirectory;
        if (spec.User is { Length: > 0 }) parameters.User = spec.User;
        if (spec.StopSignal is not null) parameters.StopSignal = spec.StopSignal;
        if (spec.Ports.Count > 0) Publish(spec.Ports, parameters);
        // A joined or host namespace brings its own host name; the engine refuses another.
        if (spec.Hostname is { Length: > 0 } && spec.Network is NetworkMode.Own) parameters.Hostname = spec.Hostname;
        if (spec.Network is NetworkMode.Own own) parameters.NetworkingConfig = Endpoint(ownIPv6 ? own with { Address6 = null } : own);
        if (ownIPv6 && spec.Network is NetworkMode.Own { Address6: not null }) (parameters.HostConfig.Sysctls ??= new Dictionary<string, string>())[DisableIPv6] = "0";
        return parameters;
    }

    private static HostConfig HostConfigOf(ContainerSpec spec)
    {
        var config = new HostConfig
        {
            NetworkMode = spec.Network switch
            {
                NetworkMode.Own own => own.NetworkName,
                NetworkMode.Joined joined => $"container:{joined.ContainerId}",
                NetworkMode.Host => "host",
                _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Network, "unknown network mode"),
            },
            LogConfig = new() { Type = "json-file", Config = new Dictionary<string, string> { ["max-size"] = LogFileSize, ["max-file"] = LogFileCount } },
            Privileged = spec.Privileged,
            ReadonlyRootfs = spec.ReadOnlyRootFilesystem,
            CPUShares = spec.CpuShares ?? 0,
            NanoCPUs = (spec.CpuLimitMillis ?? 0) * NanoCpusPerMillicore,
            Memory = spec.MemoryLimitBytes ?? 0,
            // Swap counts against the limit, as on a node without swap.
            MemorySwap = spec.MemoryLimitBytes ?? 0,
            OomScoreAdj = spec.OomScoreAdj ?? 0,
        };
        if (SecurityOptions(spec) is { Count: > 0 } options) config.SecurityOpt = options;
        if (spec.Groups.Count > 0) config.GroupAdd = [.. spec.Groups.Select(g => g.ToString(CultureInfo.InvariantCulture))];
        if (spec.UnmaskedProc) (config.MaskedPaths, config.ReadonlyPaths) = ([], []);
        if (spec.ShareHostUsers) config.UsernsMode = "host";
        if (spec.Mounts.Count > 0) config.Mounts = [.. spec.Mounts.Select(MountOf)];
        if (spec.AddCapabilities.Count > 0) config.CapAdd = [.. spec.AddCapabilities];
        if (spec.DropCapabilities.Count > 0) config.CapDrop = [.. spec.DropCapabilities];
        if (spec.ExtraHosts.Count > 0 && spec.Network is not NetworkMode.Joined) config.ExtraHosts = [.. spec.ExtraHosts];
        if (spec.Sysctls.Count > 0) config.Sysctls = new Dictionary<string, string>(spec.Sysctls);
        if (spec.Network is NetworkMode.Own) config.DNSOptions = [NoEngineResolver];
        if (spec.ShareHostPid) config.PidMode = "host";
        else if (spec.SharePidWith is { } pids) config.PidMode = $"container:{pids}";
        if (spec.ShareHostIpc) config.IpcMode = "host";
        else if (((spec.Network as NetworkMode.Joined)?.ContainerId ?? spec.SharePidWith) is { } sandbox) config.IpcMode = $"container:{sandbox}";
        else config.IpcMode = "shareable";
        return config;
    }

    private static List<string> SecurityOptions(ContainerSpec spec)
    {
        var options = new List<string>();
        if (spec.NoNewPrivileges) options.Add("no-new-privileges");
        if (spec.Seccomp is SeccompFilter.Unconfined) options.Add("seccomp=unconfined");
        if (spec.Seccomp is SeccompFilter.Profile profile) options.Add($"seccomp={profile.Json}");
        if (spec.AppArmorProfile is { } name) options.Add($"apparmor={name}");
        if (spec.SELinux is not { } label) return options;
        foreach (var (part, value) in (ReadOnlySpan<(string, string?)>)[("user", label.User), ("role", label.Role), ("type", label.Type), ("level", label.Level)])
            if (!string.IsNullOrEmpty(value)) options.Add($"label={part}:{value}");
        return options;
    }

    private static void Publish(IReadOnlyList<PortMapping> ports, CreateContainerParameters parameters)
    {
        var byPort = ports.GroupBy(p => string.Create(CultureInfo.InvariantCulture, $"{p.Port}/{p.Protocol}")).ToList();
        parameters.ExposedPorts = byPort.ToDictionary(of => of.Key, _ => default(EmptyStruct));
        parameters.HostConfig!.PortBindings = byPort.ToDictionary(
            of => of.Key,
            of => (IList<PortBinding>)[.. of.Select(p => new PortBinding { HostIP = p.HostAddress, HostPort = p.HostPort.ToString(CultureInfo.InvariantCulture) })]);
    }

    private static Mount MountOf(MountSpec mount) => new()
    {
        Type = "bind",
        Source = mount.HostPath,
        Target = mount.ContainerPath,
        ReadOnly = mount.ReadOnly,
        BindOptions = mount.Propagation is { } propagation ? new() { Propagation = propagation } : null,
    };

    private static NetworkingConfig Endpoint(NetworkMode.Own own) => new()
    {
        EndpointsConfig = new Dictionary<string, EndpointSettings>
        {
            [own.NetworkName] = new() { IPAMConfig = new() { IPv4Address = own.Address4 ?? "", IPv6Address = own.Address6 ?? "" } },
        },
    };

    public static ContainerState ToState(ContainerInspectResponse container)
    {
        var state = container.State ?? throw new RuntimeUnavailableException($"the engine describes container {container.ID} without a state");
        var phase = state.Running ? ContainerPhase.Running : state.Status == "created" ? ContainerPhase.Created : ContainerPhase.Exited;
        var labels = container.Config?.Labels;
        return new(
            container.ID, container.Name.TrimStart('/'), phase, container.Config?.Image ?? "", container.Image,
            labels is null ? new Dictionary<string, string>() : new Dictionary<string, string>(labels),
            new(DateTime.SpecifyKind(container.Created, DateTimeKind.Utc)), Time(state.StartedAt), phase == ContainerPhase.Exited ? Time(state.FinishedAt) : null,
            (int)state.ExitCode, state.OOMKilled, string.IsNullOrEmpty(state.Error) ? null : state.Error, state.Pid > 0 ? (int)state.Pid : null);
    }

    /// <summary>The engine writes the year 1 where something has not happened.</summary>
    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1 ? time : null;
}
