using System.Text;
using ActorOrch.Controllers.Namespaces;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Tests.Namespaces;

public sealed class NamespaceContentTests
{
    [Fact]
    public void What_makes_pods_goes_with_them_and_all_else_after_them()
    {
        StoredObject[] objects =
        [
            Of(BuiltIn.ConfigMaps), Of(BuiltIn.Pods), Of(BuiltIn.Deployments), Of(BuiltIn.ReplicaSets), Of(BuiltIn.ReplicationControllers), Of(BuiltIn.ControllerRevisions),
        ];
        Assert.Equal(["pods", "deployments", "replicasets", "replicationcontrollers"], Deleted(objects));
        Assert.Equal(["deployments", "replicasets", "replicationcontrollers", "configmaps", "controllerrevisions"], Deleted([.. objects.Where(o => o.Resource != BuiltIn.Pods.Id)]));
    }

    [Fact]
    public void All_else_waits_for_a_pod_that_is_going() => Assert.Empty(Deleted([Of(BuiltIn.Pods, ",\"deletionTimestamp\":\"2024-01-01T00:00:00Z\""), Of(BuiltIn.Secrets)]));

    private static IEnumerable<string> Deleted(StoredObject[] objects) =>
        NamespaceContent.Of(objects, obj => BuiltIn.All.Single(t => t.Id == obj.Resource).Rules.DeletionStage).Delete.Select(o => o.Resource.Plural);

    private static StoredObject Of(ResourceType type, string more = "") => StoredObject.FromJson(type, Encoding.UTF8.GetBytes(
        "{\"apiVersion\":\"" + type.ApiVersion + "\",\"kind\":\"" + type.Kind + "\",\"metadata\":{\"name\":\"a\",\"namespace\":\"n\",\"uid\":\"u\",\"resourceVersion\":\"1\"" + more + "}}"));
}
