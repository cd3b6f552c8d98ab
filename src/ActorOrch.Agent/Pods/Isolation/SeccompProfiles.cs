using System.Text.Json;
using ActorOrch.Agent.Runtimes;
using k8s.Models;

namespace ActorOrch.Agent.Pods.Isolation;

/// <summary>A profile that a container asks for cannot be had: <c>CreateContainerError</c> with these words, and it is tried again later.</summary>
public sealed class SeccompProfileException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Finds the seccomp profile of a container; one that asks for none gets the runtime's default.</summary>
/// <param name="directory">Profiles of type Localhost lie below it.</param>
internal sealed class SeccompProfiles(string directory)
{
    private const long LargestProfile = 1 << 20;

    /// <summary>Throws <see cref="SeccompProfileException"/> for what cannot be given.</summary>
    public async ValueTask<SeccompFilter> OfAsync(V1Pod pod, V1Container container, RuntimeIsolation isolation, CancellationToken cancel)
    {
        var profile = container.SecurityContext?.SeccompProfile ?? pod.Spec.SecurityContext?.SeccompProfile;
        if (profile is null) return SeccompFilter.Default;
        if (profile.Type == "Unconfined") return SeccompFilter.None;
        if (!isolation.Seccomp) throw new SeccompProfileException("seccomp is not supported by this node's kernel or engine");
        if (profile.Type != "Localhost")
            return isolation.SeccompByDefault ? SeccompFilter.Default : throw new SeccompProfileException("the engine of this node has no default seccomp profile");
        return new SeccompFilter.Profile(await ReadAsync(profile.LocalhostProfile ?? "", cancel).ConfigureAwait(false));
    }

    private async Task<string> ReadAsync(string name, CancellationToken cancel)
    {
        if (name.Contains('\0', StringComparison.Ordinal)) throw new SeccompProfileException("cannot load seccomp profile: its path contains a zero byte");
        var path = Path.GetFullPath(Path.Combine(directory, name));
        if (name.Length == 0 || !path.StartsWith(Path.GetFullPath(directory) + "/", StringComparison.Ordinal)) throw Failed(path, "it is not below the directory of profiles");
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) throw Failed(path, $"open {path}: no such file or directory");
            if (file.Length > LargestProfile) throw Failed(path, $"it is larger than {LargestProfile} bytes");
            var text = await File.ReadAllTextAsync(path, cancel).ConfigureAwait(false);
            using var parsed = JsonDocument.Parse(text);
            if (parsed.RootElement.ValueKind != JsonValueKind.Object || !parsed.RootElement.TryGetProperty("defaultAction", out _))
                throw Failed(path, "it is no seccomp profile: it has no defaultAction");
            return text;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Failed(path, failure.Message, failure);
        }
    }

    private static SeccompProfileException Failed(string path, string why, Exception? cause = null) => new($"cannot load seccomp profile \"{path}\": {why}", cause);
}
