namespace ActorOrch.Networking.Kernel;

/// <summary>Taking an instance's rules out of the kernel.</summary>
public static class ServiceTables
{
    /// <summary>Commands that remove the instance's tables, whether or not they are there.</summary>
    public static string RemovalScript(NetworkSettings settings) =>
        string.Concat(NftFamily.Both.Select(f => $"add table {f.Table} {settings.TableName}\ndelete table {f.Table} {settings.TableName}\n"));
}
