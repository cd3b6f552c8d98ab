using System.Text.Json.Nodes;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Benchmarks.Footprint;

/// <summary>The objects of a large cluster: pods of 2.7 KB that run, each owned by a ReplicaSet; nodes as agents describe them.</summary>
internal static class LargeObjects
{
    public const int PodsOfSet = 30;

    private const int Namespaces = 100;
    private const string Created = "2026-01-01T00:00:00Z";

    public static string NamespaceOf(int set) => $"team-{set % Namespaces}";

    public static string PodName(int i) => $"{SetName(i / PodsOfSet)}-{i:x8}";

    private static string SetName(int set) => $"service-{set}-6d4b75cb6d";

    private static string NodeName(int i) => $"node-{i}.example.internal";

    private static string Uid(int kind, int i) => $"{kind:x8}-0000-4000-8000-{i:x12}";

    public static ObjectDraft Node(int i) => Draft($$$"""
        {"apiVersion":"v1","kind":"Node","metadata":{"name":"{{{NodeName(i)}}}","uid":"{{{Uid(1, i)}}}","creationTimestamp":"{{{Created}}}",
         "labels":{"kubernetes.io/arch":"amd64","kubernetes.io/hostname":"{{{NodeName(i)}}}","kubernetes.io/os":"linux","topology.kubernetes.io/zone":"zone-{{{i % 3}}}"}},
         "spec":{"podCIDR":"10.{{{i / 256}}}.{{{i % 256}}}.0/24"},
         "status":{"capacity":{"cpu":"32","memory":"131072000Ki","pods":"110"},"allocatable":{"cpu":"32","memory":"131072000Ki","pods":"110"},
          "conditions":[{{{Condition("MemoryPressure", "False")}}},{{{Condition("DiskPressure", "False")}}},{{{Condition("PIDPressure", "False")}}},{{{Condition("Ready", "True")}}}],
          "addresses":[{"type":"InternalIP","address":"192.168.{{{i / 256}}}.{{{i % 256}}}"},{"type":"Hostname","address":"{{{NodeName(i)}}}"}]} }
        """);

    public static ObjectDraft ReplicaSet(int set) => Draft($$$"""
        {"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"{{{SetName(set)}}}","namespace":"{{{NamespaceOf(set)}}}","uid":"{{{Uid(2, set)}}}","creationTimestamp":"{{{Created}}}",
         "generation":1,"labels":{"app":"service-{{{set}}}"}},
         "spec":{"replicas":{{{PodsOfSet}}},"selector":{"matchLabels":{"app":"service-{{{set}}}"}},
          "template":{"metadata":{"labels":{"app":"service-{{{set}}}"}},"spec":{{{PodSpec(set, null)}}} }},
         "status":{"replicas":{{{PodsOfSet}}},"fullyLabeledReplicas":{{{PodsOfSet}}},"readyReplicas":{{{PodsOfSet}}},"availableReplicas":{{{PodsOfSet}}},"observedGeneration":1}}
        """);

    public static ObjectDraft Pod(int i, int node)
    {
        var set = i / PodsOfSet;
        return Draft($$$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{PodName(i)}}}","generateName":"{{{SetName(set)}}}-","namespace":"{{{NamespaceOf(set)}}}","uid":"{{{Uid(3, i)}}}",
             "creationTimestamp":"{{{Created}}}","labels":{"app":"service-{{{set}}}","pod-template-hash":"6d4b75cb6d","team":"{{{NamespaceOf(set)}}}"},
             "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"{{{SetName(set)}}}","uid":"{{{Uid(2, set)}}}","controller":true,"blockOwnerDeletion":true}]},
             "spec":{{{PodSpec(set, NodeName(node))}}},
             "status":{"phase":"Running","conditions":[{{{Condition("Initialized", "True")}}},{{{Condition("Ready", "True")}}},{{{Condition("ContainersReady", "True")}}},{{{Condition("PodScheduled", "True")}}}],
              "hostIP":"192.168.{{{node / 256}}}.{{{node % 256}}}","podIP":"10.{{{node / 256}}}.{{{node % 256}}}.{{{i % 250 + 2}}}","podIPs":[{"ip":"10.{{{node / 256}}}.{{{node % 256}}}.{{{i % 250 + 2}}}"}],
              "startTime":"{{{Created}}}","qosClass":"Burstable",
              "containerStatuses":[{"name":"app","state":{"running":{"startedAt":"{{{Created}}}"}},"lastState":{},"ready":true,"started":true,"restartCount":0,
               "image":"registry.example/team/service:1.2.3","imageID":"registry.example/team/service@sha256:{{{i:x64}}}","containerID":"docker://{{{i:x64}}}"}]} }
            """);
    }

    private static string PodSpec(int set, string? node) => $$$"""
        {"restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","serviceAccountName":"default","serviceAccount":"default",
         {{{(node is null ? "" : $"\"nodeName\":\"{node}\",")}}}"securityContext":{},"schedulerName":"default-scheduler","enableServiceLinks":true,"preemptionPolicy":"PreemptLowerPriority","priority":0,
         "tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300},
          {"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],
         "containers":[{"name":"app","image":"registry.example/team/service:1.2.3","ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}],
          "env":[{"name":"SERVICE","value":"service-{{{set}}}"},{"name":"LOG_LEVEL","value":"info"},{"name":"POD_IP","valueFrom":{"fieldRef":{"apiVersion":"v1","fieldPath":"status.podIP"}} }],
          "resources":{"limits":{"cpu":"500m","memory":"512Mi"},"requests":{"cpu":"100m","memory":"128Mi"}},
          "readinessProbe":{"httpGet":{"path":"/ready","port":"http","scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},
          "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}]}
        """;

    private static string Condition(string type, string status) =>
        $$$"""{"type":"{{{type}}}","status":"{{{status}}}","lastProbeTime":null,"lastTransitionTime":"{{{Created}}}"}""";

    private static ObjectDraft Draft(string json) => ObjectDraft.Encode(JsonNode.Parse(json)!.AsObject());
}
