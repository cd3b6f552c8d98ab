using System.Globalization;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Resources.Tests.Kinds.Columns;

public class TableTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2025-01-01T12:00:00Z", CultureInfo.InvariantCulture);
    private const string Meta = """{"name":"a","creationTimestamp":"2025-01-01T11:55:00Z"}""";

    [Theory]
    [InlineData("pods", "Name|Ready|Status|Restarts|Age|IP*|Node*|Nominated Node*|Readiness Gates*")]
    [InlineData("services", "Name|Type|Cluster-IP|External-IP|Port(s)|Age|Selector*")]
    [InlineData("nodes", "Name|Status|Roles|Age|Version|Internal-IP*|External-IP*|OS-Image*|Kernel-Version*|Container-Runtime*")]
    [InlineData("deployments", "Name|Ready|Up-to-date|Available|Age|Containers*|Images*|Selector*")]
    [InlineData("replicasets", "Name|Desired|Current|Ready|Age|Containers*|Images*|Selector*")]
    [InlineData("replicationcontrollers", "Name|Desired|Current|Ready|Age|Containers*|Images*|Selector*")]
    [InlineData("podtemplates", "Name|Containers|Images|Pod Labels")]
    [InlineData("events", "Last Seen|Type|Reason|Object|Subobject*|Source*|Message|First Seen*|Count*|Name*")]
    [InlineData("endpoints", "Name|Endpoints|Age")]
    [InlineData("endpointslices", "Name|AddressType|Ports|Endpoints|Age")]
    [InlineData("ingresses", "Name|Class|Hosts|Address|Ports|Age")]
    [InlineData("ingressclasses", "Name|Controller|Parameters|Age")]
    [InlineData("namespaces", "Name|Status|Age")]
    [InlineData("configmaps", "Name|Data|Age")]
    [InlineData("secrets", "Name|Type|Data|Age")]
    [InlineData("serviceaccounts", "Name|Secrets|Age")]
    [InlineData("horizontalpodautoscalers", "Name|Reference|Targets|MinPods|MaxPods|Replicas|Age")]
    [InlineData("leases", "Name|Holder|Age")]
    [InlineData("controllerrevisions", "Name|Controller|Revision|Age")]
    public void The_columns_are_kubectls(string plural, string columns) =>
        Assert.Equal(columns, string.Join('|', BuiltIn.All.Single(t => t.Plural == plural).Columns.Select(c => c.Name + (c.Priority > 0 ? "*" : ""))));

    [Theory]
    [InlineData("""{"phase":"Pending"}""", "a|0/2|Pending|0|5m|<none>|n1|<none>|<none>")]
    [InlineData("""{"phase":"Running","podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"}],"containerStatuses":[RUNNING,RUNNING]}""", "a|2/2|Running|0|5m|10.0.0.1|n1|<none>|<none>")]
    [InlineData("""{"phase":"Pending","containerStatuses":[{"name":"x","state":{"waiting":{"reason":"ContainerCreating"}}}]}""", "a|0/2|ContainerCreating|0|5m|<none>|n1|<none>|<none>")]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"x","restartCount":2,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1,"finishedAt":"2025-01-01T11:58:00Z"}}},RUNNING]}""", "a|1/2|CrashLoopBackOff|2 (2m ago)|5m|<none>|n1|<none>|<none>")]
    [InlineData("""{"phase":"Succeeded","containerStatuses":[{"name":"x","state":{"terminated":{"exitCode":0,"reason":"Completed"}}}]}""", "a|0/2|Completed|0|5m|<none>|n1|<none>|<none>")]
    [InlineData("""{"phase":"Running","conditions":[{"type":"Ready","status":"False"}],"containerStatuses":[{"name":"x","state":{"terminated":{"exitCode":0,"reason":"Completed"}}},RUNNING]}""", "a|1/2|NotReady|0|5m|<none>|n1|<none>|<none>")]
    [InlineData("""{"phase":"Failed","containerStatuses":[{"name":"x","state":{"terminated":{"exitCode":137,"signal":9}}}]}""", "a|0/2|Signal:9|0|5m|<none>|n1|<none>|<none>")]
    [InlineData("""{"phase":"Failed","reason":"Evicted"}""", "a|0/2|Evicted|0|5m|<none>|n1|<none>|<none>")]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","state":{"running":{}}}],"containerStatuses":[{"name":"x","state":{"waiting":{"reason":"PodInitializing"}}}]}""", "a|0/2|Init:0/1|0|5m|<none>|n1|<none>|<none>")]
    [InlineData("""{"phase":"Pending","initContainerStatuses":[{"name":"i","restartCount":3,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}]}""", "a|0/2|Init:CrashLoopBackOff|3|5m|<none>|n1|<none>|<none>")]
    public void A_pods_line_says_what_its_containers_do(string status, string line)
    {
        status = status.Replace("RUNNING", """{"name":"y","ready":true,"state":{"running":{}}}""");
        Assert.Equal(line, Line("pods",
            $$$"""{"metadata":{{{Meta}}},"spec":{"nodeName":"n1","initContainers":[{"name":"i"}],"containers":[{"name":"x"},{"name":"y"}]},"status":{{{status}}}}"""));
    }

    [Theory]
    [InlineData("""{"maxReplicas":3}""", "{}", "a|/|<none>|<unset>|3|0|5m")]
    [InlineData("""{"minReplicas":1,"maxReplicas":3,"scaleTargetRef":{"kind":"Deployment","name":"web"},"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":80}}}]}""",
        "{}", "a|Deployment/web|cpu: <unknown>/80%|1|3|0|5m")]
    [InlineData("""{"minReplicas":1,"maxReplicas":3,"scaleTargetRef":{"kind":"Deployment","name":"web"},"metrics":[METRICS]}""",
        """{"currentReplicas":2,"currentMetrics":[{"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":40}}},{"type":"Pods","pods":{"metric":{"name":"m"},"current":{"averageValue":"3"}}}]}""",
        "a|Deployment/web|cpu: 40%/80%, 3/5 + 1 more...|1|3|2|5m")]
    public void An_autoscalers_line_says_what_it_aims_at(string spec, string status, string line)
    {
        spec = spec.Replace("METRICS", """
            {"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":80}}},
            {"type":"Pods","pods":{"metric":{"name":"m"},"target":{"type":"AverageValue","averageValue":"5"}}},
            {"type":"External","external":{"metric":{"name":"q"},"target":{"type":"AverageValue","averageValue":"30"}}}
            """);
        Assert.Equal(line, Line("horizontalpodautoscalers", $$$"""{"metadata":{{{Meta}}},"spec":{{{spec}}},"status":{{{status}}}}"""));
    }

    [Fact]
    public void A_pod_that_is_being_deleted_is_terminating() => Assert.Contains("|Terminating|", Line("pods", """
        {"metadata":{"name":"a","creationTimestamp":"2025-01-01T11:55:00Z","deletionTimestamp":"2025-01-01T12:00:00Z"},
         "spec":{"containers":[{"name":"x"}]},"status":{"phase":"Running"}}
        """));

    [Theory]
    [InlineData("""{"type":"ClusterIP","clusterIPs":["10.96.0.1"],"ports":[{"port":80,"protocol":"TCP"},{"port":53,"protocol":"UDP"}],"selector":{"b":"2","a":"1"}}""", "a|ClusterIP|10.96.0.1|<none>|80/TCP,53/UDP|5m|a=1,b=2")]
    [InlineData("""{"type":"NodePort","clusterIPs":["10.96.0.1"],"externalIPs":["1.2.3.4"],"ports":[{"port":80,"nodePort":30080,"protocol":"TCP"}]}""", "a|NodePort|10.96.0.1|1.2.3.4|80:30080/TCP|5m|<none>")]
    [InlineData("""{"type":"LoadBalancer","clusterIPs":["10.96.0.1"],"ports":[{"port":80,"protocol":"TCP"}]}""", "a|LoadBalancer|10.96.0.1|<pending>|80/TCP|5m|<none>")]
    [InlineData("""{"type":"ExternalName","externalName":"db.example.com"}""", "a|ExternalName|<none>|db.example.com|<none>|5m|<none>")]
    [InlineData("""{"type":"ClusterIP","clusterIPs":["None"]}""", "a|ClusterIP|None|<none>|<none>|5m|<none>")]
    public void A_services_line_shows_addresses_and_ports(string spec, string line) =>
        Assert.Equal(line, Line("services", $$$"""{"metadata":{{{Meta}}},"spec":{{{spec}}}}"""));

    [Fact]
    public void A_nodes_line_shows_its_condition_and_roles()
    {
        Assert.Equal("a|Ready,SchedulingDisabled|control-plane,worker|5m|v1.32.0|10.0.0.1|<none>|Debian|6.1|docker://20.10.24", Line("nodes", """
            {"metadata":{"name":"a","creationTimestamp":"2025-01-01T11:55:00Z","labels":{"node-role.kubernetes.io/worker":"","node-role.kubernetes.io/control-plane":""}},
             "spec":{"unschedulable":true},
             "status":{"conditions":[{"type":"Ready","status":"True"}],"addresses":[{"type":"InternalIP","address":"10.0.0.1"}],
              "nodeInfo":{"kubeletVersion":"v1.32.0","osImage":"Debian","kernelVersion":"6.1","containerRuntimeVersion":"docker://20.10.24"}}}
            """));
        Assert.Equal("a|Unknown|<none>|5m||<none>|<none>|<unknown>|<unknown>|<unknown>", Line("nodes", $$$"""{"metadata":{{{Meta}}}}"""));
    }

    [Fact]
    public void A_workloads_line_counts_its_pods()
    {
        const string Spec = """{"replicas":3,"selector":{"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"In","values":["b","a"]}]},"template":{"spec":{"containers":[{"name":"x","image":"i"},{"name":"y","image":"j"}]}}}""";
        Assert.Equal("a|1/3|2|1|5m|x,y|i,j|app=web,tier in (a,b)", Line("deployments",
            $$$"""{"metadata":{{{Meta}}},"spec":{{{Spec}}},"status":{"replicas":3,"updatedReplicas":2,"readyReplicas":1,"availableReplicas":1}}"""));
        Assert.Equal("a|3|2|1|5m|x,y|i,j|app=web,tier in (a,b)", Line("replicasets",
            $$$"""{"metadata":{{{Meta}}},"spec":{{{Spec}}},"status":{"replicas":2,"readyReplicas":1}}"""));
    }

    [Fact]
    public void An_events_line_reads_the_old_fields_and_the_new()
    {
        Assert.Equal("60s|Normal|Started|pod/web|spec.containers{c}|kubelet, n1|Started container c|2m|3|a", Line("events", """
            {"metadata":{"name":"a"},"type":"Normal","reason":"Started","message":"Started container c\n","count":3,
             "firstTimestamp":"2025-01-01T11:58:00Z","lastTimestamp":"2025-01-01T11:59:00Z",
             "involvedObject":{"kind":"Pod","name":"web","fieldPath":"spec.containers{c}"},"source":{"component":"kubelet","host":"n1"}}
            """));
        Assert.Equal("60s|Warning|FailedScheduling|pod/web||default-scheduler, s-1|no|60s|1|a", Line("events", """
            {"metadata":{"name":"a"},"type":"Warning","reason":"FailedScheduling","message":"no","eventTime":"2025-01-01T11:59:00.000000Z",
             "involvedObject":{"kind":"Pod","name":"web"},"reportingComponent":"default-scheduler","reportingInstance":"s-1"}
            """));
    }

    [Fact]
    public void Long_lists_of_endpoints_are_cut()
    {
        Assert.Equal("a|10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 1 more...|5m", Line("endpoints",
            $$$"""{"metadata":{{{Meta}}},"subsets":[{"addresses":[{"ip":"10.0.0.1"},{"ip":"10.0.0.2"},{"ip":"10.0.0.3"},{"ip":"10.0.0.4"}],"ports":[{"port":80}]}]}"""));
        Assert.Equal("a|IPv4|80|10.0.0.1|5m", Line("endpointslices",
            $$$"""{"metadata":{{{Meta}}},"addressType":"IPv4","ports":[{"port":80}],"endpoints":[{"addresses":["10.0.0.1"]}]}"""));
        Assert.Equal("a|IPv4|<unset>|<unset>|5m", Line("endpointslices", $$$"""{"metadata":{{{Meta}}},"addressType":"IPv4","endpoints":[]}"""));
    }

    private static string Line(string plural, string json)
    {
        var type = BuiltIn.All.Single(t => t.Plural == plural);
        var stored = Documents.Stored(type, json);
        return string.Join('|', type.Columns.Select(c => Convert.ToString(c.Cell(stored, Now), CultureInfo.InvariantCulture)));
    }
}
