using System.Reflection;
using ActorOrch.Resources.Catalog;
using k8s.Models;

namespace ActorOrch.Resources.Tests.Catalog;

public class KubernetesVersionTests
{
    [Fact]
    public void The_version_stated_is_that_of_the_models()
    {
        var ofTheModels = typeof(V1Pod).Assembly.GetType("ThisAssembly")!
            .GetField("KubernetesSwaggerVersion", BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!.GetRawConstantValue();

        Assert.Equal(ofTheModels, KubernetesVersion.Text);
    }
}
