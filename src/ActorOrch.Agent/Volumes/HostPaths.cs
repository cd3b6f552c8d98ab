using k8s.Models;

namespace ActorOrch.Agent.Volumes;

/// <summary><c>hostPath</c> volumes: what must be there, and what is made where it is not.</summary>
internal static class HostPaths
{
    private const UnixFileMode DirectoryMode = (UnixFileMode)0b111_101_101;
    private const UnixFileMode FileMode = (UnixFileMode)0b110_100_100;

    /// <summary>Returns the path. Throws <see cref="VolumeException"/> in upstream's words where it is not of the type.</summary>
    public static string Prepare(V1HostPathVolumeSource source)
    {
        var path = source.Path;
        switch (source.Type ?? "")
        {
            case "":
                // The engine refuses to bind what is not there; upstream's runtimes make a directory.
                if (!Path.Exists(path)) Directory.CreateDirectory(path, DirectoryMode);
                break;
            case "DirectoryOrCreate":
                if (!Path.Exists(path)) Directory.CreateDirectory(path, DirectoryMode);
                Check(Directory.Exists(path), path, "a directory");
                break;
            case "Directory":
                Check(Directory.Exists(path), path, "a directory");
                break;
            case "FileOrCreate":
                if (!Path.Exists(path))
                {
                    File.WriteAllBytes(path, []);
                    File.SetUnixFileMode(path, FileMode);
                }
                Check(File.Exists(path), path, "a file");
                break;
            case "File":
                Check(File.Exists(path), path, "a file");
                break;
            case "Socket":
                Check(IsSpecial(path), path, "a socket file");
                break;
            case "CharDevice":
                Check(IsSpecial(path), path, "a character device");
                break;
            case "BlockDevice":
                Check(IsSpecial(path), path, "a block device");
                break;
            default:
                throw new VolumeException($"{source.Type} is an invalid volume type");
        }
        return path;
    }

    private static bool IsSpecial(string path) => File.Exists(path) && (File.GetAttributes(path) & FileAttributes.Device) != 0;

    private static void Check(bool holds, string path, string what)
    {
        if (!holds) throw new VolumeException($"hostPath type check failed: {path} is not {what}");
    }
}
