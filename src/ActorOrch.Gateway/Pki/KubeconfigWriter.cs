using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ActorOrch.Registry.Files;

namespace ActorOrch.Gateway.Pki;

/// <summary>Writes the file with which <c>kubectl</c> and the client libraries find the cluster.</summary>
public static class KubeconfigWriter
{
    /// <summary>
    /// Writes <c>DIRECTORY/kubeconfig</c>, readable by its owner alone, and returns its path. The current context uses the client
    /// certificate; a second one uses the token, for programs that cannot present a certificate.
    /// </summary>
    public static string Write(string directory, Uri server, ClusterPki pki)
    {
        var path = Path.Combine(directory, "kubeconfig");
        SmallFile.Write(path, Render(server, pki));
        return path;
    }

    /// <summary>The file's text. It holds secrets.</summary>
    public static string Render(Uri server, ClusterPki pki)
    {
        using var key = pki.Administrator.GetECDsaPrivateKey() ?? throw new CryptographicException("the administrator's certificate has no ECDSA key");
        return $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: actororch
              cluster:
                server: {server.GetLeftPart(UriPartial.Authority)}
                certificate-authority-data: {Encode(pki.Authority.Certificate.ExportCertificatePem())}
            users:
            - name: kubernetes-admin
              user:
                client-certificate-data: {Encode(pki.Administrator.ExportCertificatePem())}
                client-key-data: {Encode(key.ExportPkcs8PrivateKeyPem())}
            - name: kubernetes-admin-token
              user:
                token: {pki.AdministratorToken}
            contexts:
            - name: actororch
              context:
                cluster: actororch
                user: kubernetes-admin
            - name: actororch-token
              context:
                cluster: actororch
                user: kubernetes-admin-token
            current-context: actororch
            preferences: {"{}"}

            """;
    }

    private static string Encode(string pem) => Convert.ToBase64String(Encoding.ASCII.GetBytes(pem + "\n"));
}
