using ActorOrch.EndToEnd.Harness;

namespace ActorOrch.EndToEnd.Workloads;

/// <summary>Manifests that several tests use.</summary>
internal static class Manifests
{
    /// <summary>A Deployment of web servers that answer with their pod's name and <paramref name="version"/>, and its Service.</summary>
    public static string Web(string name, int replicas, string version = "v1") => $$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{{name}}}
        spec:
          replicas: {{{replicas}}}
          selector: {matchLabels: {app: {{{name}}}}}
          strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
          template:
            metadata:
              labels: {app: {{{name}}}}
            spec:
              terminationGracePeriodSeconds: 3
              containers:
              - name: httpd
                image: {{{Machine.Image}}}
                imagePullPolicy: IfNotPresent
                command: [sh, -c]
                args: ["trap 'exit 0' TERM; mkdir /tmp/www; echo {{{version}}} $HOSTNAME > /tmp/www/index.html; httpd -f -p 8080 -h /tmp/www & wait"]
                ports: [{name: http, containerPort: 8080}]
                readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 1}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: {{{name}}}
        spec:
          selector: {app: {{{name}}}}
          ports: [{port: 80, targetPort: http}]
        """;

    /// <summary>A pod that runs a shell command line.</summary>
    public static string Pod(string name, string script, string more = "", string containerMore = "") => $$$"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: {{{name}}}
          labels: {app: {{{name}}}}
        spec:
          terminationGracePeriodSeconds: 1
          containers:
          - name: main
            image: {{{Machine.Image}}}
            imagePullPolicy: IfNotPresent
            command: [sh, -c]
            args: ['{{{script}}}']
        {{{Indent(containerMore, 4)}}}
        {{{Indent(more, 2)}}}
        """;

    private static string Indent(string text, int spaces) =>
        string.Join('\n', text.Split('\n').Select(line => line.Length == 0 ? line : new string(' ', spaces) + line));
}
