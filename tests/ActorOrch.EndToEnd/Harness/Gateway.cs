using k8s;

namespace ActorOrch.EndToEnd.Harness;

/// <summary>The gateway without a Kubernetes client in between, for what such a client would never send.</summary>
public static class Gateway
{
    /// <summary>Speaks as the administrator of the kubeconfig.</summary>
    public static HttpClient Client(OrchestratorProcess orchestrator)
    {
        var config = KubernetesClientConfiguration.BuildConfigFromConfigFile(orchestrator.Kubeconfig);
        var certificate = CertUtils.GetPfxCert(config);
        var authorities = config.SslCaCerts;
        var handler = new HttpClientHandler
        {
            ClientCertificateOptions = ClientCertificateOption.Manual,
            ServerCertificateCustomValidationCallback = (_, server, _, _) =>
            {
                using var chain = new System.Security.Cryptography.X509Certificates.X509Chain();
                chain.ChainPolicy.TrustMode = System.Security.Cryptography.X509Certificates.X509ChainTrustMode.CustomRootTrust;
                chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
                chain.ChainPolicy.RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck;
                return server is not null && chain.Build(server);
            },
        };
        handler.ClientCertificates.Add(certificate);
        return new(handler) { BaseAddress = new($"https://127.0.0.1:{orchestrator.Port}") };
    }
}
