using System.CommandLine;
using System.Data.Common;
using ActorOrch.Hosting;
using ActorOrch.Registry;

namespace ActorOrch.Commands;

/// <summary><c>actororch backup</c> and <c>actororch restore</c>: all that a cluster is, but for its containers, in one file.</summary>
internal static class DataCommands
{
    public static Command CreateBackup()
    {
        var (file, dataDir) = (FileArgument("Where the backup goes. It holds every key and every Secret: it is readable by its owner alone."), DataDirectoryOption());
        var command = new Command("backup", "Writes a running (or stopped) cluster's databases and keys, as they are at one moment, into one file.") { file, dataDir };
        command.SetAction(parsed => Run(parsed.GetValue(file)!.FullName, () =>
        {
            var (source, target) = (parsed.GetValue(dataDir)!.FullName, parsed.GetValue(file)!.FullName);
            var manifest = StoreBackup.Write(source, target, TimeProvider.System);
            Console.WriteLine($"{target}: the cluster {manifest.ClusterId} as it was at {manifest.Created:u}, {manifest.Files.Sum(f => f.Bytes)} bytes in {manifest.Files.Count} files");
            if (manifest.KeyId is { } key && !manifest.Files.Any(f => f.Name == SecretsKey.DefaultFile))
                Console.WriteLine($"The key {key}, with which Secrets are encrypted in it, lies outside of {source} (actororch.secrets.key-file) and is not in it: keep it, too.");
        }));
        return command;
    }

    public static Command CreateRestore()
    {
        var (file, dataDir) = (FileArgument("A file that 'actororch backup' wrote."), DataDirectoryOption());
        var command = new Command("restore", "Makes a data directory of a backup. Containers of the cluster that still run are taken over by the next 'actororch up' on it.") { file, dataDir };
        command.SetAction(parsed => Run(parsed.GetValue(file)!.FullName, () =>
        {
            var target = parsed.GetValue(dataDir)!.FullName;
            var manifest = StoreRestore.Read(parsed.GetValue(file)!.FullName, target);
            Console.WriteLine($"{target}: the cluster {manifest.ClusterId} as it was at {manifest.Created:u}. Start it: actororch up --data-dir {target}");
        }));
        return command;
    }

    private static int Run(string file, Action act)
    {
        try
        {
            act();
            return 0;
        }
        catch (BackupException e)
        {
            Console.Error.WriteLine($"actororch: {file}: {e.Message}");
            return 1;
        }
        catch (Exception e) when (e is StartupException or IOException or UnauthorizedAccessException or DbException)
        {
            Console.Error.WriteLine($"actororch: {e.Message}");
            return 1;
        }
    }

    private static Argument<FileInfo> FileArgument(string description) => new("FILE") { Description = description };

    private static Option<DirectoryInfo> DataDirectoryOption() => new("--data-dir") { Description = "The cluster's data directory.", Required = true };
}
