using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;

namespace ActorOrch.Testing;

/// <summary>Plain HTTP to the gateway, as the administrator of a kubeconfig, for what a Kubernetes client would never send or hide.</summary>
public static class KubeconfigClient
{
    /// <param name="kubeconfig">The file's path.</param>
    public static HttpClient Open(string kubeconfig)
    {
        var config = KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
        var certificate = X509Certificate2.CreateFromPem(Pem(config.ClientCertificateData), Pem(config.ClientCertificateKeyData));
        var authorities = config.SslCaCerts;
        return new(new SocketsHttpHandler
        {
            SslOptions = new()
            {
                ClientCertificates = [certificate],
                LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate,
                RemoteCertificateValidationCallback = (_, server, _, _) => server is X509Certificate2 presented && IsIssuedBy(authorities, presented),
            },
        })
        { BaseAddress = new(config.Host) };
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
