using System.Runtime.InteropServices;
using ActorOrch.Agent.Files;
using k8s.Models;

namespace ActorOrch.Agent.Volumes;

/// <summary>
/// Makes what <c>subPath</c> names in a volume mountable. The engine takes paths, and a pod can exchange what a path in its volumes leads to:
/// so what was found is bound to a place that is the agent's alone, and the engine is given that place.
/// </summary>
internal sealed class SubPaths(VolumeManager volumes)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Returns the path to mount. Throws <see cref="SubPathException"/>, in upstream's words and why.</summary>
    /// <param name="index">Of the mount among those of the container.</param>
    /// <param name="path">Of the volume, as it was prepared.</param>
    /// <param name="subPath">Variables have been expanded. They may hold secrets: no message quotes it, nor a part of it.</param>
    public string Prepare(V1Pod pod, V1Container container, int index, string path, string subPath)
    {
        var mount = container.VolumeMounts[index];
        var isExpanded = !string.IsNullOrEmpty(mount.SubPathExpr);
        var said = isExpanded ? mount.SubPathExpr : mount.SubPath;
        try
        {
            if (subPath.StartsWith('/')) throw new SubPathException($"\"{said}\" must not be an absolute path");
            if (subPath.Split('/').Contains("..")) throw new SubPathException($"\"{said}\" must not contain '..'");
            var volume = pod.Spec.Volumes.First(v => v.Name == mount.Name);
            using var found = SubPathResolver.Open(volumes.Open(pod, volume), path, subPath, said);
            if (volumes.CanMount) return Bind(pod.Metadata.Uid, container, index, found, shared: mount.MountPropagation == "Bidirectional");
            // Nobody but the agent can exchange what stands in these.
            if (VolumeSources.Find(volume) is { IsReadOnly: true }) return System.Text.Encoding.UTF8.GetString(found.RealPath());
            throw new SubPathException(VolumeMachine.CannotMount);
        }
        catch (Exception failure) when (failure is SubPathException or IOException or UnauthorizedAccessException)
        {
            var isSafe = !isExpanded || failure is SubPathException;
            throw new SubPathException(
                $"failed to prepare subPath for volumeMount \"{mount.Name}\" of container \"{container.Name}\": {(isSafe ? failure.Message : WithoutNames(said, failure))}",
                isSafe ? failure : null);
        }
    }

    /// <summary>What failed for a file names that file.</summary>
    private static string WithoutNames(string said, Exception failure) =>
        $"\"{said}\" cannot be opened or made" + (failure is UnixException { Error: var error } ? $": {Marshal.GetPInvokeErrorMessage(error)}" : "");

    private string Bind(string uid, V1Container container, int index, Descriptor found, bool shared)
    {
        var volume = container.VolumeMounts[index].Name;
        using var parent = volumes.Directories.EnsureSubPaths(uid, volume, container.Name);
        FileName place = $"{index}";
        // What an earlier run of the container had mounted: the container has its own hold on it.
        Mounting.UnmountAll(parent, place);
        TreeRemoval.Remove(parent, place);
        if (found.Status.IsDirectory) parent.EnsureDirectory(place, Private | UnixFileMode.UserExecute).Dispose();
        else parent.CreateFile(place, [], Private);
        Mounting.Bind(found, parent, place, shared);
        return volumes.Directories.SubPath(uid, volume, container.Name, index);
    }
}
