using ActorOrch.Agent.Tests.Files;
using ActorOrch.Agent.Volumes;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Volumes;

public sealed class SubPathsTests : IDisposable
{
    private readonly TempTree _tree = new();

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("ZEBRA-out", "\"$(PW)\" leads out of the volume")]
    [InlineData("/ZEBRA", "\"$(PW)\" must not be an absolute path")]
    [InlineData("ZEBRA/../..", "\"$(PW)\" must not contain '..'")]
    [InlineData("ZEBRA\0", "\"$(PW)\" cannot be opened or made")]
    [InlineData("LONG", "\"$(PW)\" cannot be opened or made: File name too long")]
    public void What_a_variable_stands_for_is_never_told(string expanded, string why)
    {
        _tree.Link("ZEBRA-out", _tree.Victim);

        var refused = Prepare(new() { Name = "v", MountPath = "/v", SubPathExpr = "$(PW)" }, expanded.Replace("LONG", LongName, StringComparison.Ordinal));

        Assert.Equal($"failed to prepare subPath for volumeMount \"v\" of container \"c\": {why}", refused.Message);
        Assert.DoesNotContain("ZEBRA", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_spec_says_itself_is_told() =>
        Assert.Contains(LongName, Prepare(new() { Name = "v", MountPath = "/v", SubPath = LongName }, LongName).Message, StringComparison.Ordinal);

    private static string LongName => "ZEBRA" + new string('z', 300);

    private SubPathException Prepare(V1VolumeMount mount, string expanded)
    {
        var container = new V1Container { Name = "c", VolumeMounts = [mount] };
        var pod = new V1Pod
        {
            Metadata = new() { Uid = "u" },
            Spec = new() { Containers = [container], Volumes = [new() { Name = "v", HostPath = new() { Path = _tree.Root } }] },
        };
        var paths = new SubPaths(new(new(_tree.At("data")), null!, null, TimeProvider.System));
        return Assert.Throws<SubPathException>(() => paths.Prepare(pod, container, 0, _tree.Root, expanded));
    }
}
