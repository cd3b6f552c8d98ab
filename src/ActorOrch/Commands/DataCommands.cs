using System.CommandLine;
using System.Data.Common;
using ActorOrch.Hosting;
using ActorOrch.Registry.Backups;
using ActorOrch.Registry.Persistence.Records;
using Akka.Configuration;

namespace ActorOrch.Commands;

/// <summary><c>actororch backup</c> and <c>actororch restore</c>: all that a cluster is, but for its containers, in one file.</summary>
internal static class DataCommands
{
    public static Command CreateBackup()
    {
        var config = Config();
        var (file, dataDir) = (FileArgument("Where the backup goes. It holds every key and every Secret: it is readable by its owner alone."), DataDirectoryOption("The cluster's data directory."));
        var command = new Command("backup", "Writes a running (or stopped) cluster's databases and keys, as they are at one moment, into one file.") { file, dataDir, config };
        command.SetAction(parsed => Run(parsed.GetValue(file)!.FullName, () =>
        {
            var (source, target) = (parsed.GetValue(dataDir)!.FullName, parsed.GetValue(file)!.FullName);
            var manifest = StoreBackup.Write(source, target, TimeProvider.System, HostConfig.Load(parsed.GetValue(config), source).Akka);
            Console.WriteLine($"{target}: the cluster {manifest.ClusterId} as it was at {manifest.Created:u}, {manifest.Files.Sum(f => f.Bytes)} bytes in {manifest.Files.Count} files");
            if (manifest.KeyId is { } key && !manifest.Files.Any(f => f.Name == SecretsKey.DefaultFile))
                Console.WriteLine($"The key {key}, with which Secrets are encrypted in it, lies outside of {source} (actororch.secrets.key-file) and is not in it: keep it, too.");
        }));
        return command;
    }

    public static Command CreateRestore()
    {
        var config = Config();
        var (file, dataDir) = (FileArgument("A file that 'actororch backup' wrote."), DataDirectoryOption("An empty directory to restore into."));
        var command = new Command("restore", "Makes a data directory from a backup. Containers of the cluster that still run are taken over by the next 'actororch up' on it.") { file, dataDir, config };
        command.SetAction(parsed => Run(parsed.GetValue(file)!.FullName, () =>
        {
            var target = parsed.GetValue(dataDir)!.FullName;
            var manifest = StoreRestore.Read(parsed.GetValue(file)!.FullName, target, HostConfig.Load(parsed.GetValue(config), target).Akka);
            Console.WriteLine($"{target}: the cluster {manifest.ClusterId} as it was at {manifest.Created:u}. Start it: actororch up --data-dir {target}{(parsed.GetValue(config) is { } used ? $" --config {used.FullName}" : "")}");
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
        catch (Exception e) when (e is StartupException or ConfigurationException or IOException or UnauthorizedAccessException or DbException)
        {
            Console.Error.WriteLine($"actororch: {e.Message}");
            return 1;
        }
    }

    private static Argument<FileInfo> FileArgument(string description) => new("FILE") { Description = description };

    private static Option<FileInfo?> Config() => ConfigOption.Create("The HOCON file that the cluster runs with: needed where its store is in PostgreSQL.");

    private static Option<DirectoryInfo> DataDirectoryOption(string description) => new("--data-dir") { Description = description, Required = true };
}
