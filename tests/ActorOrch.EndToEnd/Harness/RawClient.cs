using ActorOrch.Testing;

namespace ActorOrch.EndToEnd.Harness;

/// <summary>The gateway without a Kubernetes client in between, for what such a client would never send.</summary>
public static class RawClient
{
    /// <summary>Speaks as the administrator of the kubeconfig.</summary>
    public static HttpClient Of(OrchestratorProcess orchestrator) => KubeconfigClient.Open(orchestrator.Kubeconfig);
}
