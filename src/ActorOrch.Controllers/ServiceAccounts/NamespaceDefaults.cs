using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;

namespace ActorOrch.Controllers.ServiceAccounts;

/// <summary>What every namespace has from the start: the account pods run under, and the certificate by which they know the API.</summary>
public static class NamespaceDefaults
{
    public const string Account = "default";
    public const string RootCertificate = "kube-root-ca.crt";

    private const string CertificateFile = "ca.crt";

    public static JsonObject AccountDocument() => new()
    {
        ["apiVersion"] = BuiltIn.ServiceAccounts.ApiVersion,
        ["kind"] = BuiltIn.ServiceAccounts.Kind,
        ["metadata"] = new JsonObject { ["name"] = Account },
    };

    public static JsonObject CertificateDocument(string certificatePem) => new()
    {
        ["apiVersion"] = BuiltIn.ConfigMaps.ApiVersion,
        ["kind"] = BuiltIn.ConfigMaps.Kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = RootCertificate,
            ["annotations"] = new JsonObject
            {
                ["kubernetes.io/description"] =
                    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. "
                    + "No other usage is guaranteed across distributions of Kubernetes clusters.",
            },
        },
        ["data"] = new JsonObject { [CertificateFile] = certificatePem },
    };

    /// <summary>Puts the right certificate into a ConfigMap that somebody changed; false where it is right.</summary>
    public static bool Restore(JsonObject configMap, string certificatePem)
    {
        if (configMap["data"] is JsonObject { Count: 1 } data && data[CertificateFile]?.GetValue<string>() == certificatePem) return false;
        configMap["data"] = new JsonObject { [CertificateFile] = certificatePem };
        return true;
    }
}
