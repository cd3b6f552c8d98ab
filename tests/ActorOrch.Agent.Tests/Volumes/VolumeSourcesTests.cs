using System.Reflection;
using System.Text;
using System.Text.Json.Serialization;
using ActorOrch.Agent.Volumes;
using ActorOrch.Resources.Objects;
using k8s.Models;

namespace ActorOrch.Agent.Tests.Volumes;

public class VolumeSourcesTests
{
    /// <summary>From the model, so that a source that Kubernetes adds is missed here.</summary>
    private static readonly string[] Names =
        [.. typeof(V1Volume).GetProperties().Select(p => p.GetCustomAttribute<JsonPropertyNameAttribute>()!.Name).Where(name => name != "name")];

    public static TheoryData<string> OfTheModel => new(Names);

    [Theory]
    [MemberData(nameof(OfTheModel))]
    public void A_source_of_the_API_has_a_class_or_a_reason_why_not(string name)
    {
        var volume = Model.Parse<V1Volume>(Encoding.UTF8.GetBytes("{\"name\":\"v\",\"" + name + "\":{}}"));
        var source = VolumeSources.Find(volume);

        Assert.Equal(name, source?.Name ?? name);
        Assert.NotEqual(source is null, !VolumeSources.Refused.ContainsKey(name));
        if (source is null)
            Assert.Equal($"no volume plugin matched {name}: {VolumeSources.Refused[name]}", Assert.Throws<VolumeException>(() => VolumeSources.Of(volume)).Message);
        else Assert.Same(source, VolumeSources.Of(volume));
    }

    [Fact]
    public void What_is_listed_is_of_the_API() =>
        Assert.Equal(Names.Order(), VolumeSources.All.Keys.Concat(VolumeSources.Refused.Keys).Order());

    [Fact]
    public void A_volume_without_a_source_is_refused() =>
        Assert.Equal("no volume plugin matched", Assert.Throws<VolumeException>(() => VolumeSources.Of(new() { Name = "v" })).Message);

    [Fact]
    public void Each_class_is_sealed_and_listed_and_has_a_directory_of_its_own()
    {
        var classes = typeof(IVolumeSource).Assembly.GetTypes().Where(t => t.IsClass && t.IsAssignableTo(typeof(IVolumeSource))).ToList();
        Assert.Equal(classes.Select(c => c.Name).Order(), VolumeSources.All.Values.Select(s => s.GetType().Name).Order());
        Assert.All(classes, c => Assert.True(c.IsSealed, c.Name));
        var directories = VolumeSources.All.Values.Select(s => s.Directory).OfType<string>().ToList();
        Assert.Distinct(directories);
        Assert.All(directories, d => Assert.Equal(d, VolumeSources.OfDirectory(PodDirectories.Plugin(d))?.Directory));
        Assert.Null(VolumeSources.OfDirectory("kubernetes.io~unknown"));
    }
}
