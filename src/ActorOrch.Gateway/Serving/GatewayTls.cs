using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ActorOrch.Gateway.Pki;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ActorOrch.Gateway.Serving;

/// <summary>The handshake of each connection, with the certificate that is the latest then.</summary>
internal sealed class GatewayTls(ClusterPki pki, CertificateRenewal renewal)
{
    private volatile Offer _offer = new(pki.Serving);

    /// <summary>What one certificate is offered with; kept, because making it builds its chain.</summary>
    private sealed class Offer(X509Certificate2 certificate)
    {
        public X509Certificate2 Certificate { get; } = certificate;

        public SslServerAuthenticationOptions Options { get; } = new()
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            ClientCertificateRequired = true,
            // Asked for, not insisted on; and one that proves nothing is answered with 401 by the authenticator, not with a broken handshake.
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        };
    }

    public TlsHandshakeCallbackOptions Options => new() { OnConnection = _ => new(Current()) };

    private SslServerAuthenticationOptions Current()
    {
        renewal.RenewDue();
        var (offer, latest) = (_offer, pki.Serving);
        if (!ReferenceEquals(offer.Certificate, latest)) _offer = offer = new(latest);
        return offer.Options;
    }
}
