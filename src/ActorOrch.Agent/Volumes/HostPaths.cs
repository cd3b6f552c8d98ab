using ActorOrch.Agent.Files;
using k8s.Models;

namespace ActorOrch.Agent.Volumes;

/// <summary>
/// <c>hostPath</c> volumes: what must be there, and what is made where it is not. The path is the user's own: links in it are followed, as
/// upstream does it; what is made is made where no link stands.
/// </summary>
internal static class HostPaths
{
    private const UnixFileMode DirectoryMode = (UnixFileMode)0b111_101_101;
    private const UnixFileMode FileMode = (UnixFileMode)0b110_100_100;

    /// <summary>Returns the path. Throws <see cref="VolumeException"/> in upstream's words where it is not of the type, and for one that is not absolute.</summary>
    public static string Prepare(V1HostPathVolumeSource source)
    {
        var path = source.Path;
        if (!path.StartsWith('/')) throw new VolumeException($"hostPath \"{path}\" must be an absolute path");
        if (path.Contains('\0', StringComparison.Ordinal)) throw new VolumeException("the path of a hostPath must not contain a zero byte");
        switch (source.Type ?? "")
        {
            case "":
                // The engine refuses to bind what is not there; upstream's runtimes make a directory.
                if (KindOf(path) is null) MakeDirectory(path);
                break;
            case "DirectoryOrCreate":
                if (KindOf(path) is null) MakeDirectory(path);
                Check(path, FileKind.Directory, "a directory");
                break;
            case "Directory":
                Check(path, FileKind.Directory, "a directory");
                break;
            case "FileOrCreate":
                if (KindOf(path) is null) MakeFile(path);
                Check(path, FileKind.Regular, "a file");
                break;
            case "File":
                Check(path, FileKind.Regular, "a file");
                break;
            case "Socket":
                Check(path, FileKind.Socket, "a socket file");
                break;
            case "CharDevice":
                Check(path, FileKind.CharacterDevice, "a character device");
                break;
            case "BlockDevice":
                Check(path, FileKind.BlockDevice, "a block device");
                break;
            default:
                throw new VolumeException($"{source.Type} is an invalid volume type");
        }
        return path;
    }

    private static FileKind? KindOf(string path)
    {
        using var found = Descriptor.FindPath(path);
        return found?.Status.Kind;
    }

    private static void Check(string path, FileKind kind, string what)
    {
        if (KindOf(path) != kind) throw new VolumeException($"hostPath type check failed: {path} is not {what}");
    }

    private static void MakeDirectory(string path)
    {
        var missing = new Stack<string>();
        var at = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        for (; KindOf(at) is null; at = Path.GetDirectoryName(at)!) missing.Push(Path.GetFileName(at));
        var directory = Descriptor.OpenPath(at);
        foreach (var name in missing)
        {
            using var parent = directory;
            directory = parent.EnsureDirectory(name, DirectoryMode);
        }
        directory.Dispose();
    }

    private static void MakeFile(string path)
    {
        var full = Path.GetFullPath(path);
        using var parent = Descriptor.OpenPath(Path.GetDirectoryName(full)!);
        parent.CreateFile(Path.GetFileName(full), [], FileMode);
    }
}
