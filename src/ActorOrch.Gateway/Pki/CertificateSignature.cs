using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ActorOrch.Gateway.Pki;

/// <summary>Looks at a certificate's signature alone: whether its bytes are those that were signed. Dates and names are not of interest here.</summary>
internal static class CertificateSignature
{
    /// <summary>Whether the authority's key signed exactly these bytes (ECDSA with SHA-256, as all certificates of the cluster are).</summary>
    public static bool Holds(X509Certificate2 certificate, X509Certificate2 authority)
    {
        using var key = authority.GetECDsaPublicKey();
        if (key is null) return false;
        try
        {
            var parts = new AsnReader(certificate.RawData, AsnEncodingRules.DER).ReadSequence();
            var signed = parts.ReadEncodedValue();
            _ = parts.ReadEncodedValue();
            return key.VerifyData(signed.Span, parts.ReadBitString(out _), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            return false;
        }
    }
}
