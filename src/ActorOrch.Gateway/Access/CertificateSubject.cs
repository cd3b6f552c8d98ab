using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using ActorOrch.Registry.Api;

namespace ActorOrch.Gateway.Access;

/// <summary>Reads the user (CN) and groups (O) out of a client certificate.</summary>
internal static class CertificateSubject
{
    private const string CommonName = "2.5.4.3";
    private const string Organization = "2.5.4.10";

    /// <summary>Null where the subject names no user.</summary>
    public static Caller? Read(X500DistinguishedName subject)
    {
        var user = "";
        var groups = new List<string>();
        var names = new AsnReader(subject.RawData, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            // Go's library puts all organizations into one set; others give each a set of its own.
            var parts = names.ReadSetOf(skipSortOrderValidation: true);
            while (parts.HasData)
            {
                var part = parts.ReadSequence();
                var type = part.ReadObjectIdentifier();
                if (type is not (CommonName or Organization)) continue;
                var value = part.ReadCharacterString((UniversalTagNumber)part.PeekTag().TagValue);
                if (type == CommonName) user = value;
                else groups.Add(value);
            }
        }
        groups.Add("system:authenticated");
        return user.Length == 0 ? null : new(user, groups);
    }
}
