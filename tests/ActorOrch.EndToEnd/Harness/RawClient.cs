using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;

namespace ActorOrch.EndToEnd.Harness;

/// <summary>The gateway without a Kubernetes client in between, for what such a client would never send.</summary>
public static class RawClient
{
    /// <summary>Speaks as the administrator of the kubeconfig.</summary>
    public static HttpClient Of(OrchestratorProcess orchestrator)
    {
        var config = KubernetesClientConfiguration.BuildConfigFromConfigFile(orchestrator.Kubeconfig);
        var certificate = X509Certificate2.CreateFromPem(Pem(config.ClientCertificateData), Pem(config.ClientCertificateKeyData));
        var authorities = config.SslCaCerts;
        var handler = new HttpClientHandler
        {
            ClientCertificateOptions = ClientCertificateOption.Manual,
            ServerCertificateCustomValidationCallback = (_, server, _, _) => server is not null && IsIssuedBy(authorities, server),
        };
        handler.ClientCertificates.Add(certificate);
        return new(handler) { BaseAddress = new($"https://127.0.0.1:{orchestrator.Port}") };
    }

    private static bool IsIssuedBy(X509Certificate2Collection authorities, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }

    private static string Pem(string base64) => Encoding.ASCII.GetString(Convert.FromBase64String(base64));
}
