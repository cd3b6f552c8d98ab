using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Resources.Tests.Kinds.Pods;

public class PodValidationTests
{
    private const string Good = """{"name":"c","image":"i"}""";

    [Fact]
    public void A_rich_pod_is_valid() => Assert.Empty(Documents.ErrorsOfCreate(BuiltIn.Pods, """
        {"metadata":{"name":"web-1","labels":{"app.kubernetes.io/name":"web"},"annotations":{"example.com/note":"x y z"}},
         "spec":{"serviceAccountName":"bot","nodeSelector":{"disk":"ssd"},"hostname":"web","subdomain":"web",
          "tolerations":[{"operator":"Exists"},{"key":"a","value":"b","effect":"NoExecute","tolerationSeconds":5}],
          "affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"zone","operator":"In","values":["a"]}]}]}},
            "podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":10,"podAffinityTerm":{"topologyKey":"kubernetes.io/hostname","labelSelector":{"matchLabels":{"app":"web"}}}}]}},
          "topologySpreadConstraints":[{"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule","labelSelector":{"matchLabels":{"a":"b"}}}],
          "initContainers":[{"name":"init","image":"i"},{"name":"sidecar","image":"i","restartPolicy":"Always","livenessProbe":{"tcpSocket":{"port":1}}}],
          "containers":[{"name":"c","image":"i","ports":[{"name":"http","containerPort":80},{"name":"https","containerPort":443}],
            "env":[{"name":"A.b-c","value":"1"},{"name":"N","valueFrom":{"fieldRef":{"fieldPath":"metadata.labels['app']"}}}],
            "envFrom":[{"configMapRef":{"name":"c"}}],
            "resources":{"limits":{"cpu":"1","example.com/gpu":"2"},"requests":{"cpu":"500m"}},
            "securityContext":{"runAsUser":1000,"seccompProfile":{"type":"RuntimeDefault"}},
            "readinessProbe":{"httpGet":{"port":"http"}},"lifecycle":{"preStop":{"sleep":{"seconds":5}}},
            "volumeMounts":[{"name":"v","mountPath":"/v"},{"name":"c","mountPath":"/c","subPath":"a/b"}]}],
          "volumes":[{"name":"v"},{"name":"c","configMap":{"name":"c","items":[{"key":"k","path":"a/b"}]}}]}}
        """));

    [Theory]
    [InlineData("""{"name":"c"}""", "spec.containers[0].image: Required value")]
    [InlineData("""{"image":"i"}""", "spec.containers[0].name: Required value")]
    [InlineData("""{"name":"c","image":" i"}""", "spec.containers[0].image: Invalid value: \" i\": must not have leading or trailing whitespace")]
    [InlineData("""{"name":"c","image":"i","imagePullPolicy":"Often"}""", "spec.containers[0].imagePullPolicy: Unsupported value: \"Often\": supported values: \"Always\", \"IfNotPresent\", \"Never\"")]
    [InlineData("""{"name":"c","image":"i","ports":[{"containerPort":70000}]}""", "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive")]
    [InlineData("""{"name":"c","image":"i","ports":[{"name":"a","containerPort":1},{"name":"a","containerPort":2}]}""", "spec.containers[0].ports[1].name: Duplicate value: \"a\"")]
    [InlineData("""{"name":"c","image":"i","ports":[{"name":"much-too-long-name","containerPort":1}]}""", "spec.containers[0].ports[0].name: Invalid value: \"much-too-long-name\": must be no more than 15 characters")]
    [InlineData("""{"name":"c","image":"i","ports":[{"containerPort":1,"protocol":"ICMP"}]}""", "spec.containers[0].ports[0].protocol: Unsupported value: \"ICMP\": supported values: \"SCTP\", \"TCP\", \"UDP\"")]
    [InlineData("""{"name":"c","image":"i","ports":[{"containerPort":1,"hostPort":9},{"containerPort":2,"hostPort":9}]}""", "spec.containers[0].ports[1].hostPort: Duplicate value: \"TCP//9\"")]
    [InlineData("""{"name":"c","image":"i","env":[{"name":"a=b"}]}""", "spec.containers[0].env[0].name: Invalid value: \"a=b\": a valid environment variable name must consist only of printable ASCII characters other than '='")]
    [InlineData("""{"name":"c","image":"i","env":[{"name":"A","value":"x","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}}]}""", "spec.containers[0].env[0].valueFrom: Invalid value: \"\": may not be specified when `value` is not empty")]
    [InlineData("""{"name":"c","image":"i","env":[{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"spec.color"}}}]}""", "spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: \"spec.color\": error converting fieldPath: field label not supported: spec.color")]
    [InlineData("""{"name":"c","image":"i","volumeMounts":[{"name":"v","mountPath":"/v"}]}""", "spec.containers[0].volumeMounts[0].name: Not found: \"v\"")]
    [InlineData("""{"name":"c","image":"i","livenessProbe":{"periodSeconds":5}}""", "spec.containers[0].livenessProbe: Required value: must specify a handler type")]
    [InlineData("""{"name":"c","image":"i","livenessProbe":{"exec":{"command":["a"]},"tcpSocket":{"port":1}}}""", "spec.containers[0].livenessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type")]
    [InlineData("""{"name":"c","image":"i","livenessProbe":{"tcpSocket":{"port":1},"initialDelaySeconds":-1}}""", "spec.containers[0].livenessProbe.initialDelaySeconds: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"name":"c","image":"i","livenessProbe":{"tcpSocket":{"port":1},"successThreshold":2}}""", "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1")]
    [InlineData("""{"name":"c","image":"i","resources":{"limits":{"cpu":"1"},"requests":{"cpu":"2"}}}""", "spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1")]
    [InlineData("""{"name":"c","image":"i","resources":{"limits":{"cpu":"-1"}}}""", "spec.containers[0].resources.limits[cpu]: Invalid value: \"-1\": must be greater than or equal to 0")]
    [InlineData("""{"name":"c","image":"i","resources":{"limits":{"gpu":"1"}}}""", "spec.containers[0].resources.limits[gpu]: Invalid value: \"gpu\": must be a standard resource for containers")]
    [InlineData("""{"name":"c","image":"i","restartPolicy":"Always"}""", "spec.containers[0].restartPolicy: Forbidden: may not be set for non-init containers")]
    public void A_container_is_refused_with_upstreams_words(string container, string expected) =>
        Assert.Contains(expected, Documents.ErrorsOfCreate(BuiltIn.Pods, $$$"""{"spec":{"containers":[{{{container}}}]}}"""));

    [Theory]
    [InlineData("""{}""", "spec.containers: Required value")]
    [InlineData("""{"containers":[{"name":"c","image":"i"},{"name":"c","image":"i"}]}""", "spec.containers[1].name: Duplicate value: \"c\"")]
    [InlineData("""{"containers":[GOOD],"restartPolicy":"Sometimes"}""", "spec.restartPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\", \"OnFailure\", \"Never\"")]
    [InlineData("""{"containers":[GOOD],"volumes":[{"name":"v","emptyDir":{},"hostPath":{"path":"/a"}}]}""", "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type")]
    [InlineData("""{"containers":[GOOD],"volumes":[{"name":"v"},{"name":"v"}]}""", "spec.volumes[1].name: Duplicate value: \"v\"")]
    [InlineData("""{"containers":[GOOD],"volumes":[{"name":"v","secret":{}}]}""", "spec.volumes[0].secret.secretName: Required value")]
    [InlineData("""{"containers":[GOOD],"nodeSelector":{"a":"b c"}}""", "spec.nodeSelector: Invalid value: \"b c\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')")]
    [InlineData("""{"containers":[GOOD],"tolerations":[{"key":"a","operator":"Exists","value":"b"}]}""", "spec.tolerations[0].operator: Invalid value: \"b\": value must be empty when `operator` is 'Exists'")]
    [InlineData("""{"containers":[GOOD],"tolerations":[{"effect":"Sometimes","operator":"Exists"}]}""", "spec.tolerations[0].effect: Unsupported value: \"Sometimes\": supported values: \"NoSchedule\", \"PreferNoSchedule\", \"NoExecute\"")]
    [InlineData("""{"containers":[GOOD],"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"a","operator":"In"}]}]}}}}""", "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'")]
    [InlineData("""{"containers":[GOOD],"initContainers":[{"name":"i","image":"i","livenessProbe":{"tcpSocket":{"port":1}}}]}""", "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always")]
    [InlineData("""{"containers":[GOOD],"initContainers":[{"name":"c","image":"i"}]}""", "spec.initContainers[0].name: Duplicate value: \"c\"")]
    [InlineData("""{"containers":[{"name":"c","image":"i","ports":[{"containerPort":80,"hostPort":81}]}],"hostNetwork":true}""", "spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true")]
    [InlineData("""{"containers":[GOOD],"activeDeadlineSeconds":0}""", "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive")]
    [InlineData("""{"containers":[GOOD],"nodeName":"n","schedulingGates":[{"name":"g"}]}""", "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared")]
    public void A_pod_is_refused_with_upstreams_words(string spec, string expected) =>
        Assert.Contains(expected, Documents.ErrorsOfCreate(BuiltIn.Pods, $$$"""{"spec":{{{spec.Replace("GOOD", Good)}}}}"""));

    [Fact]
    public void What_a_pod_is_created_with_becomes_part_of_the_selectors_of_its_affinity()
    {
        var pod = Documents.Created(BuiltIn.Pods, $$$$$"""
            {"metadata":{"labels":{"hash":"1","tenant":"t"}},"spec":{"containers":[{{{{{Good}}}}}],"affinity":{
              "podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"zone","labelSelector":{"matchLabels":{"a":"b"}},"matchLabelKeys":["hash","missing"],"mismatchLabelKeys":["tenant"]}]},
              "podAntiAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":1,"podAffinityTerm":{"topologyKey":"zone","matchLabelKeys":["hash"]}}]}}}}
            """);
        Assert.Equal(
            """[{"key":"hash","operator":"In","values":["1"]},{"key":"tenant","operator":"NotIn","values":["t"]}]""",
            pod["spec"]!["affinity"]!["podAffinity"]!["requiredDuringSchedulingIgnoredDuringExecution"]![0]!["labelSelector"]!["matchExpressions"]!.ToJsonString());
        Assert.Equal(
            ["spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm.matchLabelKeys: Forbidden: must not be specified when labelSelector is not set"],
            Documents.ErrorsOfCreate(BuiltIn.Pods, pod));
    }

    [Theory]
    [InlineData(""" "matchLabelKeys":["app"]""", "matchLabelKeys[0]: Invalid value: \"app\": exists in both matchLabelKeys and labelSelector")]
    [InlineData(""" "matchLabelKeys":["hash"],"mismatchLabelKeys":["hash"]""", "matchLabelKeys[0]: Invalid value: \"hash\": exists in both matchLabelKeys and mismatchLabelKeys")]
    [InlineData(""" "mismatchLabelKeys":["not a key"]""", "mismatchLabelKeys[0]: Invalid value: \"not a key\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')")]
    public void Label_keys_of_affinity_are_refused_where_they_say_twice_what_is_looked_for(string keys, string expected) => Assert.Contains(
        $"spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].{expected}",
        Documents.ErrorsOfCreate(BuiltIn.Pods, $$$$$"""
            {"metadata":{"labels":{"app":"web","hash":"1"}},"spec":{"containers":[{{{{{Good}}}}}],"affinity":{"podAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[
              {"topologyKey":"zone","labelSelector":{"matchLabels":{"app":"web"}},{{{{{keys}}}}}}]}}}}
            """));

    [Fact]
    public void An_update_may_change_images_and_add_tolerations()
    {
        var pod = Documents.Created(BuiltIn.Pods, $$$"""{"spec":{"containers":[{{{Good}}}]}}""");

        Assert.Empty(Documents.ErrorsOfUpdate(BuiltIn.Pods, pod, p =>
        {
            p["spec"]!["containers"]![0]!["image"] = "other";
            p["spec"]!["tolerations"] = new JsonArray(Documents.Parse("""{"key":"a","operator":"Exists"}"""));
            p["spec"]!["activeDeadlineSeconds"] = 5;
        }));
    }

    [Theory]
    [InlineData("nodeName", "n1")]
    [InlineData("restartPolicy", "Never")]
    public void An_update_may_change_nothing_else(string field, string value)
    {
        var pod = Documents.Created(BuiltIn.Pods, $$$"""{"spec":{"containers":[{{{Good}}}]}}""");

        var error = Assert.Single(Documents.ErrorsOfUpdate(BuiltIn.Pods, pod, p => p["spec"]![field] = value));

        Assert.StartsWith("spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n", error);
        Assert.EndsWith($"+ {field}: \"{value}\"\n", error);
    }

    [Fact]
    public void An_update_may_not_drop_containers_or_tolerations()
    {
        var pod = Documents.Created(BuiltIn.Pods, """{"spec":{"tolerations":[{"key":"a","operator":"Exists"}],"containers":[{"name":"c","image":"i"},{"name":"d","image":"i"}]}}""");

        Assert.Equal(["spec.containers: Forbidden: pod updates may not add or remove containers"],
            Documents.ErrorsOfUpdate(BuiltIn.Pods, pod, p => p["spec"]!["containers"]!.AsArray().RemoveAt(1)));
        Assert.Equal(["spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds"],
            Documents.ErrorsOfUpdate(BuiltIn.Pods, pod, p => p["spec"]!.AsObject().Remove("tolerations")));
    }

    [Theory]
    [InlineData("""{"nodeName":"n","terminationGracePeriodSeconds":30}""", "Running", null, 30L)]
    [InlineData("""{"nodeName":"n","terminationGracePeriodSeconds":30}""", "Running", 5L, 5L)]
    [InlineData("""{"nodeName":"n","terminationGracePeriodSeconds":30}""", "Running", 0L, 0L)]
    [InlineData("""{"nodeName":"n","terminationGracePeriodSeconds":-7}""", "Running", null, 1L)]
    [InlineData("""{"nodeName":"n","terminationGracePeriodSeconds":30}""", "Succeeded", null, 0L)]
    [InlineData("""{"terminationGracePeriodSeconds":30}""", "Pending", 9L, 0L)]
    public void The_grace_period_is_the_requested_one_else_the_specs(string spec, string phase, long? requested, long expected)
    {
        var pod = Documents.Stored(BuiltIn.Pods, $$$"""{"metadata":{"name":"a"},"spec":{{{spec}}},"status":{"phase":"{{{phase}}}"}}""");

        Assert.Equal(expected, BuiltIn.Pods.Rules.GracePeriodSeconds(pod, requested));
    }

    [Fact]
    public void Field_selectors_read_the_stored_bytes()
    {
        var pod = Documents.Stored(BuiltIn.Pods, """{"metadata":{"name":"a"},"spec":{"nodeName":"n1","hostNetwork":true},"status":{"phase":"Running"}}""");
        var selectors = BuiltIn.Pods.Rules.FieldSelectors;

        Assert.Equal("n1", selectors["spec.nodeName"](pod));
        Assert.Equal("true", selectors["spec.hostNetwork"](pod));
        Assert.Equal("Running", selectors["status.phase"](pod));
        Assert.Equal("", selectors["status.podIP"](pod));
    }

    [Fact]
    public void A_repeated_variable_is_accepted_with_a_warning()
    {
        var pod = Documents.Created(BuiltIn.Pods, """{"spec":{"containers":[{"name":"c","image":"i","env":[{"name":"A","value":"1"},{"name":"A","value":"2"}]}]}}""");

        Assert.Empty(Documents.ErrorsOfCreate(BuiltIn.Pods, pod));
        Assert.Equal(["spec.containers[0].env[1]: hides previous definition of \"A\", which may be dropped when using apply"], BuiltIn.Pods.Rules.Warnings(pod));
    }
}
