namespace ActorOrch.Hosting;

/// <summary>The directory of one process: nobody else may use it while this is held.</summary>
internal sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
        ClusterId = ReadClusterId(System.IO.Path.Combine(path, "cluster-id"));
    }

    public string Path { get; }

    /// <summary>Tells this cluster's containers from those of another on the same engine.</summary>
    public string ClusterId { get; }

    public string KubeconfigPath => System.IO.Path.Combine(Path, "kubeconfig");

    /// <summary>Makes it where it is missing. Throws <see cref="StartupException"/> where it cannot be written or is in use.</summary>
    public static DataDirectory Open(DirectoryInfo directory)
    {
        var path = directory.FullName;
        try
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"the data directory {path} cannot be made: {e.Message}", e);
        }
        try
        {
            return new(path, new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new StartupException($"the data directory {path} cannot be written: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw new StartupException($"the data directory {path} cannot be locked; is another actororch running on it? {e.Message}", e);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static string ReadClusterId(string file)
    {
        if (File.Exists(file)) return File.ReadAllText(file).Trim();
        var id = Guid.NewGuid().ToString("n")[..12];
        File.WriteAllText(file, id + "\n");
        return id;
    }
}
