using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Testing;

/// <summary>A valid object of each kind that has much of what the kind may have.</summary>
public static class RichDocuments
{
    private const string PodSpec = """
        {
          "terminationGracePeriodSeconds": 30, "activeDeadlineSeconds": 600, "serviceAccountName": "default",
          "initContainers": [
            {"name":"first","image":"i","resources":{"requests":{"cpu":"10m"}}},
            {"name":"sidecar","image":"i","restartPolicy":"Always","startupProbe":{"tcpSocket":{"port":81},"failureThreshold":3}}
          ],
          "containers": [{
            "name":"c","image":"i","ports":[{"name":"http","containerPort":80,"hostPort":8080,"protocol":"TCP"}],
            "resources":{"limits":{"cpu":"1","memory":"64Mi"},"requests":{"cpu":"100m","memory":"32Mi"}},
            "startupProbe":{"exec":{"command":["true"]},"periodSeconds":2,"timeoutSeconds":1,"failureThreshold":3},
            "livenessProbe":{"httpGet":{"path":"/","port":80},"periodSeconds":5,"terminationGracePeriodSeconds":5},
            "readinessProbe":{"tcpSocket":{"port":80},"initialDelaySeconds":1,"successThreshold":1},
            "lifecycle":{"preStop":{"sleep":{"seconds":3}},"postStart":{"httpGet":{"path":"/","port":80}}},
            "securityContext":{"runAsUser":1000,"runAsGroup":1000},
            "volumeMounts":[{"name":"config","mountPath":"/c"},{"name":"all","mountPath":"/a"},{"name":"down","mountPath":"/d"},{"name":"empty","mountPath":"/e"},{"name":"secret","mountPath":"/s"}]
          }],
          "tolerations":[{"key":"k","operator":"Exists","effect":"NoExecute","tolerationSeconds":30}],
          "affinity":{"nodeAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":1,"preference":{"matchExpressions":[{"key":"a","operator":"Gt","values":["1"]}]}}]}},
          "topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"kubernetes.io/hostname","whenUnsatisfiable":"ScheduleAnyway","labelSelector":{"matchLabels":{"a":"b"}}}],
          "securityContext":{"runAsUser":1000,"fsGroup":1000,"supplementalGroups":[1]},
          "volumes":[
            {"name":"config","configMap":{"name":"m","defaultMode":420,"items":[{"key":"k","path":"p","mode":420}]}},
            {"name":"secret","secret":{"secretName":"s","defaultMode":420}},
            {"name":"empty","emptyDir":{"sizeLimit":"1Mi"}},
            {"name":"down","downwardAPI":{"items":[{"path":"cpu","resourceFieldRef":{"containerName":"c","resource":"limits.cpu","divisor":"1m"}}]}},
            {"name":"all","projected":{"sources":[{"serviceAccountToken":{"path":"token","expirationSeconds":3600}},{"configMap":{"name":"m"}}]}}
          ]
        }
        """;

    private const string PodStatus = """
        {"phase":"Running","startTime":"2030-01-01T00:00:00Z","podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"}],
         "conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2030-01-01T00:00:00Z"}],
         "containerStatuses":[{"name":"c","image":"i","imageID":"x","ready":true,"restartCount":1,"containerID":"docker://x",
           "state":{"running":{"startedAt":"2030-01-01T00:00:00Z"}},"lastState":{"terminated":{"exitCode":1,"finishedAt":"2030-01-01T00:00:00Z"}}}]}
        """;

    private static readonly string Template = "{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":" + SetSpec + "}";

    private static string SetSpec
    {
        get
        {
            // Of a set's pods upstream takes no deadline.
            var spec = JsonNode.Parse(PodSpec)!.AsObject();
            spec.Remove("activeDeadlineSeconds");
            return spec.ToJsonString();
        }
    }

    /// <summary>A new document, with its kind, name and uid.</summary>
    public static JsonObject Of(ResourceType type)
    {
        var obj = JsonNode.Parse(Body(type))!.AsObject();
        obj["apiVersion"] = type.ApiVersion;
        obj["kind"] = type.Kind;
        var metadata = new JsonObject { ["name"] = "a", ["uid"] = "u", ["creationTimestamp"] = "2030-01-01T00:00:00Z", ["labels"] = new JsonObject { ["a"] = "b" } };
        if (type.Namespaced) metadata["namespace"] = "default";
        obj["metadata"] = metadata;
        return obj;
    }

    private static string Body(ResourceType type) => type.Kind switch
    {
        "Pod" => $$"""{"spec":{{PodSpec}},"status":{{PodStatus}} }""",
        "PodTemplate" => $$"""{"template":{{Template}} }""",
        "Deployment" => $$"""
            {"spec":{"replicas":3,"minReadySeconds":5,"progressDeadlineSeconds":600,"revisionHistoryLimit":2,"selector":{"matchLabels":{"a":"b"} },
             "strategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1,"maxUnavailable":1} },"template":{{Template}} },
             "status":{"replicas":3,"readyReplicas":2,"conditions":[{"type":"Progressing","status":"True","reason":"ReplicaSetUpdated","lastUpdateTime":"2030-01-01T00:00:00Z","lastTransitionTime":"2030-01-01T00:00:00Z"}]} }
            """,
        "ReplicaSet" => $$"""{"spec":{"replicas":3,"minReadySeconds":5,"selector":{"matchLabels":{"a":"b"} },"template":{{Template}} },"status":{"replicas":3} }""",
        "ReplicationController" => $$"""{"spec":{"replicas":3,"minReadySeconds":5,"selector":{"a":"b"},"template":{{Template}} },"status":{"replicas":3} }""",
        "Service" => """
            {"spec":{"type":"NodePort","selector":{"a":"b"},"sessionAffinity":"ClientIP","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":100}},
             "ports":[{"name":"http","port":80,"targetPort":8080,"protocol":"TCP"}]}}
            """,
        "Node" => """
            {"spec":{"taints":[{"key":"k","value":"v","effect":"NoExecute","timeAdded":"2030-01-01T00:00:00Z"}]},
             "status":{"capacity":{"cpu":"4","memory":"8Gi","pods":"110"},"allocatable":{"cpu":"4","memory":"8Gi","pods":"110"},"conditions":[{"type":"Ready","status":"True"}],
             "daemonEndpoints":{"kubeletEndpoint":{"Port":10250}},"images":[{"names":["i"],"sizeBytes":1}]}}
            """,
        "Endpoints" => """{"subsets":[{"addresses":[{"ip":"10.0.0.1"}],"ports":[{"name":"http","port":80}]}]}""",
        "EndpointSlice" => """{"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"]}],"ports":[{"name":"http","port":80,"protocol":"TCP"}]}""",
        "Ingress" => """
            {"spec":{"rules":[{"host":"a.b","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"s","port":{"number":80}}}}]}}]}}
            """,
        "Event" => """
            {"involvedObject":{"kind":"Pod","namespace":"default","name":"a"},"reason":"R","message":"m","type":"Normal","count":1,
             "firstTimestamp":"2030-01-01T00:00:00Z","lastTimestamp":"2030-01-01T00:00:00Z","source":{"component":"c"}}
            """,
        "Lease" => """{"spec":{"holderIdentity":"h","leaseDurationSeconds":40,"leaseTransitions":1,"renewTime":"2030-01-01T00:00:00.000000Z"}}""",
        "HorizontalPodAutoscaler" => """
            {"spec":{"minReplicas":1,"maxReplicas":3,"scaleTargetRef":{"kind":"Deployment","name":"a","apiVersion":"apps/v1"},
             "metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization","averageUtilization":50}}}],
             "behavior":{"scaleUp":{"stabilizationWindowSeconds":1,"selectPolicy":"Max","policies":[{"type":"Pods","value":1,"periodSeconds":15}]}}},
             "status":{"currentReplicas":1,"desiredReplicas":1,"currentMetrics":[{"type":"Resource","resource":{"name":"cpu","current":{"averageUtilization":50,"averageValue":"1"}}}]}}
            """,
        "IngressClass" => """{"spec":{"controller":"a.b/c"}}""",
        "ControllerRevision" => """{"revision":1,"data":{"a":1}}""",
        _ => "{}",
    };
}
