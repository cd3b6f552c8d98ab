using ActorOrch.Resources.Catalog;

namespace ActorOrch.Resources.Tests.Kinds.Pods;

public class PathValidationTests
{
    [Theory]
    [InlineData("""{"containers":[{"name":"c","image":"i","workingDir":"BAD"}]}""", "spec.containers[0].workingDir")]
    [InlineData("""{"containers":[{"name":"c","image":"i","terminationMessagePath":"BAD"}]}""", "spec.containers[0].terminationMessagePath")]
    [InlineData("""{"containers":[{"name":"c","image":"i","volumeMounts":[{"name":"v","mountPath":"BAD"}]}]}""", "spec.containers[0].volumeMounts[0].mountPath")]
    [InlineData("""{"containers":[{"name":"c","image":"i","volumeMounts":[{"name":"v","mountPath":"/v","subPath":"BAD"}]}]}""", "spec.containers[0].volumeMounts[0].subPath")]
    [InlineData("""{"containers":[{"name":"c","image":"i","volumeMounts":[{"name":"v","mountPath":"/v","subPathExpr":"BAD"}]}]}""", "spec.containers[0].volumeMounts[0].subPathExpr")]
    [InlineData("""{"containers":[{"name":"c","image":"i","volumeDevices":[{"name":"v","devicePath":"BAD"}]}]}""", "spec.containers[0].volumeDevices[0].devicePath")]
    [InlineData("""{"containers":[{"name":"c","image":"i","securityContext":{"seccompProfile":{"type":"Localhost","localhostProfile":"BAD"}}}]}""", "spec.containers[0].securityContext.seccompProfile.localhostProfile")]
    [InlineData("""{"containers":[{"name":"c","image":"i","securityContext":{"appArmorProfile":{"type":"Localhost","localhostProfile":"BAD"}}}]}""", "spec.containers[0].securityContext.appArmorProfile.localhostProfile")]
    [InlineData("""{"containers":[{"name":"c","image":"i"}],"initContainers":[{"name":"d","image":"i","workingDir":"BAD"}]}""", "spec.initContainers[0].workingDir")]
    [InlineData("""{"containers":[{"name":"c","image":"i"}],"securityContext":{"seccompProfile":{"type":"Localhost","localhostProfile":"BAD"}}}""", "spec.securityContext.seccompProfile.localhostProfile")]
    [InlineData("""{"containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","hostPath":{"path":"BAD"}}]}""", "spec.volumes[0].hostPath.path")]
    [InlineData("""{"containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","configMap":{"name":"m","items":[{"key":"k","path":"BAD"}]}}]}""", "spec.volumes[0].configMap.items[0].path")]
    [InlineData("""{"containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","secret":{"secretName":"m","items":[{"key":"k","path":"BAD"}]}}]}""", "spec.volumes[0].secret.items[0].path")]
    [InlineData("""{"containers":[{"name":"c","image":"i"}],"volumes":[{"name":"v","projected":{"sources":[{"serviceAccountToken":{"path":"BAD"}}]}}]}""", "spec.volumes[0].projected.sources[0].serviceAccountToken.path")]
    public void A_path_with_a_zero_byte_is_refused(string spec, string field)
    {
        var errors = Documents.ErrorsOfCreate(BuiltIn.Pods, $$$"""{"spec":{{{spec.Replace("BAD", "a\\u0000b", StringComparison.Ordinal)}}}}""");

        Assert.Contains(errors, e => e.StartsWith(field + ": Invalid value: ", StringComparison.Ordinal) && e.EndsWith("must not contain a zero byte", StringComparison.Ordinal));
    }

    [Fact]
    public void A_template_is_checked_as_well() => Assert.Contains(
        Documents.ErrorsOfCreate(BuiltIn.Deployments, """{"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i","workingDir":"a\u0000b"}]}}}}"""),
        e => e.StartsWith("spec.template.spec.containers[0].workingDir: Invalid value: ", StringComparison.Ordinal));
}
