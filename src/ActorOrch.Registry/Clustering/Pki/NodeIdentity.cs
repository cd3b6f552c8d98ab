using System.Security.Cryptography.X509Certificates;

namespace ActorOrch.Registry.Clustering.Pki;

/// <summary>Who is at the other end of a connection: what its certificate says, after the certificate has been verified.</summary>
/// <param name="Name">The subject's common name: of a worker, the name of its node.</param>
/// <param name="Role">From the subject's organization, <c>actororch:control-plane</c> or <c>actororch:worker</c>.</param>
public sealed record NodeIdentity(string Name, NodeRole Role)
{
    private const string Prefix = "actororch:";
    private const string CommonName = "2.5.4.3", Organization = "2.5.4.10";

    private X509Certificate2? _certificate;

    /// <summary>Whether the certificate names this host, a name or an address; wildcards and the common name count for nothing.</summary>
    public bool AnswersAs(string host) => _certificate?.MatchesHostname(host, allowWildcards: false, allowCommonName: false) == true;

    /// <summary>Null where the certificate names no role, or more than one.</summary>
    public static NodeIdentity? Of(X509Certificate2 certificate)
    {
        string? name = null, organization = null;
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements) return null;
            switch (part.GetSingleElementType().Value)
            {
                case CommonName when name is null:
                    name = part.GetSingleElementValue();
                    break;
                case Organization when organization is null:
                    organization = part.GetSingleElementValue();
                    break;
                default:
                    return null;
            }
        }
        if (name is null || organization is null || !organization.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        return NodeRoles.Find(organization[Prefix.Length..]) is { } role ? new(name, role) { _certificate = certificate } : null;
    }

    internal static X500DistinguishedName SubjectOf(string name, NodeRole role)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName(Prefix + NodeRoles.NameOf(role));
        subject.AddCommonName(name);
        return subject.Build();
    }

    public override string ToString() => $"{NodeRoles.NameOf(Role)} {Name}";
}
