using ActorOrch.Hosting;

namespace ActorOrch.EndToEnd.Data;

/// <summary>A process without a store knows by the cluster's id alone what runs on its machine.</summary>
public sealed class WorkerDirectoryTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("actororch-e2e-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void The_id_is_made_once_and_not_again_where_a_node_ran()
    {
        var file = Path.Combine(_directory.FullName, "cluster-id");
        var made = Marked();
        Assert.Equal(made, Marked());
        File.Delete(file);
        Assert.NotEqual(made, Marked());
        Directory.CreateDirectory(Path.Combine(_directory.FullName, "nodes", "worker1"));
        File.Delete(file);

        var refused = Assert.Throws<StartupException>(Marked);

        Assert.StartsWith($"{file} is missing, and {_directory.FullName}/nodes/worker1 is there", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    private string Marked()
    {
        using var data = DataDirectory.Open(_directory);
        data.Mark();
        return data.ClusterId;
    }
}
