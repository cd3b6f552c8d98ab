using ActorOrch.Agent.Pods.Isolation;
using ActorOrch.Agent.Pods.Specs;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Agent.Volumes;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Containers;

/// <summary>Everything between the decision to start a container and its running, with the events that upstream records on the way.</summary>
internal sealed class ContainerStarter(PodEnvironment environment)
{
    private const int CannotRun = 128;
    private const int CommandNotFound = 127;
    private readonly ImagePuller _images = new(environment);
    private readonly Hooks _hooks = new(environment);
    private readonly SeccompProfiles _profiles = new(environment.Options.SeccompProfiles);
    private readonly SubPaths _subPaths = new(environment.Volumes);

    public async Task<StartOutcome> StartAsync(
        PodContext context, V1Container container, ContainerKind kind, int attempt, ContainerPlace place, IReadOnlyDictionary<string, string> volumes,
        CancellationToken cancel)
    {
        var pod = context.Pod;
        var path = FieldPath(container.Name, kind);
        var (image, problem) = await _images.EnsureAsync(pod, container, path, cancel).ConfigureAwait(false);
        if (image is null) return new(attempt, null, problem);

        ContainerSpec spec;
        try
        {
            var seccomp = await _profiles.OfAsync(pod, container, environment.Isolation, cancel).ConfigureAwait(false);
            spec = Describe(context, container, kind, attempt, place, volumes, image, path, seccomp);
        }
        catch (SeccompProfileException failure)
        {
            environment.Events.Record(pod, path, "Warning", "Failed", $"Error: {failure.Message}");
            return new(attempt, null, new("CreateContainerError", failure.Message));
        }
        catch (Exception failure) when (failure is ContainerConfigException or IOException or UnauthorizedAccessException)
        {
            environment.Events.Record(pod, path, "Warning", "Failed", $"Error: {failure.Message}");
            return new(attempt, null, new("CreateContainerConfigError", failure.Message), RetryWhen.SourcesChange);
        }
        catch (SubPathException failure)
        {
            environment.Events.Record(pod, path, "Warning", "Failed", $"Error: {failure.Message}");
            return new(attempt, null, new("CreateContainerConfigError", failure.Message));
        }

        string id;
        try
        {
            id = await environment.CreateAsync(spec, cancel).ConfigureAwait(false);
        }
        catch (ContainerStartException failure)
        {
            var message = EngineWords.Unexpanded(failure.Message, container, spec);
            environment.Events.Record(pod, path, "Warning", "Failed", $"Error: {message}");
            return new(attempt, null, new("CreateContainerError", message));
        }
        environment.Events.Record(pod, path, "Normal", "Created", $"Created container: {container.Name}");
        var instance = new ContainerInstance(id, attempt, ContainerSpecFactory.SpecHash(container), container.Image, ImageId(image), null, null);
        try
        {
            await environment.Runtime.StartAsync(id, cancel).ConfigureAwait(false);
        }
        catch (ContainerStartException failure)
        {
            var message = EngineWords.Unexpanded(failure.Message, container, spec);
            environment.Events.Record(pod, path, "Warning", "Failed", $"Error: failed to start container \"{container.Name}\": {message}");
            var now = environment.Time.GetUtcNow();
            var code = failure.Message.Contains("executable file not found", StringComparison.Ordinal)
                || failure.Message.Contains("no such file or directory", StringComparison.Ordinal) ? CommandNotFound : CannotRun;
            return new(attempt, instance with { StartedAt = now, End = new(code, "ContainerCannotRun", message, now) }, null);
        }
        var started = environment.Time.GetUtcNow();
        environment.Events.Record(pod, path, "Normal", "Started", $"Started container {container.Name}");
        instance = instance with { StartedAt = started };
        if (await RunPostStartAsync(context, container, id, cancel).ConfigureAwait(false) is not { } failed) return new(attempt, instance, null);
        // As upstream, the event that anyone sees does not quote what the hook was told.
        environment.Events.Record(pod, path, "Warning", "FailedPostStartHook", "PostStartHook failed");
        return new(attempt, instance, new("PostStartHookError", failed), HookFailed: true);
    }

    /// <summary>Why the hook failed; null where it succeeded, where there is none, and where the pod is deleted meanwhile: its container is stopped as any other.</summary>
    private async Task<string?> RunPostStartAsync(PodContext context, V1Container container, string id, CancellationToken cancel)
    {
        if (container.Lifecycle?.PostStart is not { } hook) return null;
        try
        {
            return await _hooks.RunAsync(hook, context.Pod, container, id, context.PodAddresses, cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    public static string FieldPath(string container, ContainerKind kind) => kind == ContainerKind.Main ? $"spec.containers{{{container}}}" : $"spec.initContainers{{{container}}}";

    private ContainerSpec Describe(
        PodContext context, V1Container container, ContainerKind kind, int attempt, ContainerPlace place, IReadOnlyDictionary<string, string> volumes, ImageInfo image,
        string path, SeccompFilter seccomp)
    {
        var pod = context.Pod;
        RefuseRoot(pod, container, image);
        RefuseRecursiveReadOnly(container);
        var variables = ContainerEnvironment.Resolve(context, container, environment.Registry);
        if (variables.InvalidNames.Count > 0)
            environment.Events.Record(pod, path, "Warning", "InvalidEnvironmentVariableNames",
                $"Keys [{string.Join(", ", variables.InvalidNames)}] were skipped since they are considered invalid environment variable names.");
        var mounts = Mounts.Of(context, container, variables, volumes, _subPaths);
        Mounts.AddHosts(mounts, context, container, environment.Volumes.Directories);
        Mounts.AddResolver(mounts, context, container, environment.Volumes.Directories, environment.Options);
        var message = environment.Volumes.Directories.TerminationMessage(pod.Metadata.Uid, container.Name, attempt);
        Mounts.AddTerminationMessage(mounts, container, environment.Volumes.Directories, pod.Metadata.Uid, attempt);
        return ContainerSpecFactory.Build(context, container, kind, attempt, variables, mounts, place, message, image, seccomp);
    }

    /// <summary>The engine makes a mount read-only, not what is mounted below it.</summary>
    private static void RefuseRecursiveReadOnly(V1Container container)
    {
        foreach (var mount in container.VolumeMounts ?? [])
            if (mount.RecursiveReadOnly == "Enabled")
                throw new ContainerConfigException($"failed to resolve recursive read-only mode: volume \"{mount.Name}\" requested recursive read-only mode, but it is not supported by the runtime");
    }

    /// <summary><c>runAsNonRoot</c>: the user of the spec, else of the image, must not be root.</summary>
    private static void RefuseRoot(V1Pod pod, V1Container container, ImageInfo image)
    {
        var required = container.SecurityContext?.RunAsNonRoot ?? pod.Spec.SecurityContext?.RunAsNonRoot;
        if (required != true) return;
        var where = $"(pod: \"{pod.Metadata.Name}_{pod.Metadata.NamespaceProperty}({pod.Metadata.Uid})\", container: {container.Name})";
        if ((container.SecurityContext?.RunAsUser ?? pod.Spec.SecurityContext?.RunAsUser) is { } user)
        {
            if (user == 0) throw new ContainerConfigException($"container's runAsUser breaks non-root policy {where}");
            return;
        }
        var named = (image.User ?? "").Split(':')[0];
        if (named is "" or "0") throw new ContainerConfigException($"container has runAsNonRoot and image will run as root {where}");
        if (!long.TryParse(named, out _))
            throw new ContainerConfigException($"container has runAsNonRoot and image has non-numeric user ({named}), cannot verify user is non-root {where}");
    }

    private static string ImageId(ImageInfo image) => image.Reference.Contains('@', StringComparison.Ordinal) ? image.Reference : image.Id;
}
