using ActorOrch.Resources.Catalog;

namespace ActorOrch.Resources.Tests.Decoding.Protobuf;

/// <summary>What kubectl 1.32 sent for its <c>create</c> commands, and what the same commands print as JSON.</summary>
internal static class RecordedBodies
{
    public static readonly IReadOnlyList<(ResourceType Type, string Base64, string Json)> All =
    [
        (BuiltIn.Deployments,
            "azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50EsgBCh8KA3dlYhIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViEpYBCAMSDAoKCgNhcHASA3dlYhp8ChwKABIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2ViElwSPgoHYnVzeWJveBIHYnVzeWJveBoFc2xlZXAaAzEwMCoAMgoKABAAGFAiACoAQgBqAHIAgAEAiAEAkAEAogEAGgAyAEIASgBSAFgAYABoAIIBAIoBAJoBAMIBACICCgAoADgAGgwIABAAGAAgACgAOAAaACIA",
            """{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web","labels":{"app":"web"}},"spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"busybox","image":"busybox","command":["sleep","100"],"ports":[{"containerPort":80}],"resources":{}}]}},"strategy":{}},"status":{}}"""),
        (BuiltIn.ConfigMaps,
            "azhzAAoPCgJ2MRIJQ29uZmlnTWFwEjUKGAoIc2V0dGluZ3MSABoAIgAqADIAOABCABIOCgZjb2xvdXISBGJsdWUSCQoFZW1wdHkSABoAIgA=",
            """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"settings"},"data":{"colour":"blue","empty":""}}"""),
        (BuiltIn.Secrets,
            "azhzAAoMCgJ2MRIGU2VjcmV0EjwKFQoFbG9naW4SABoAIgAqADIAOABCABISCghwYXNzd29yZBIGczNjcmV0Eg0KBHVzZXISBWFkbWluGgAaACIA",
            """{"kind":"Secret","apiVersion":"v1","metadata":{"name":"login"},"data":{"password":"czNjcmV0","user":"YWRtaW4="}}"""),
        (BuiltIn.Services,
            "azhzAAoNCgJ2MRIHU2VydmljZRKDAQofCgN3ZWISABoAIgAqADIAOABCAFoKCgNhcHASA3dlYhJcChsKBzgwLTgwODASA1RDUBhQIgcIABCQPxoAKAAKGAoDNDQzEgNUQ1AYuwMiBwgAELsDGgAoABIKCgNhcHASA3dlYhoAIglDbHVzdGVySVA6AEIAUgBaAGAAaAAaAgoAGgAiAA==",
            """{"kind":"Service","apiVersion":"v1","metadata":{"name":"web","labels":{"app":"web"}},"spec":{"ports":[{"name":"80-8080","protocol":"TCP","port":80,"targetPort":8080},{"name":"443","protocol":"TCP","port":443,"targetPort":443}],"selector":{"app":"web"},"type":"ClusterIP"},"status":{"loadBalancer":{}}}"""),
        (BuiltIn.Namespaces,
            "azhzAAoPCgJ2MRIJTmFtZXNwYWNlEh4KFgoGdGVhbS1hEgAaACIAKgAyADgAQgASABoCCgAaACIA",
            """{"kind":"Namespace","apiVersion":"v1","metadata":{"name":"team-a"},"spec":{},"status":{}}"""),
        (BuiltIn.ServiceAccounts,
            "azhzAAoUCgJ2MRIOU2VydmljZUFjY291bnQSFwoVCgVyb2JvdBIAGgAiACoAMgA4AEIAGgAiAA==",
            """{"kind":"ServiceAccount","apiVersion":"v1","metadata":{"name":"robot"}}"""),
    ];
}
