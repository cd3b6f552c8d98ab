using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ActorOrch.Registry;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ActorOrch.Gateway;

/// <summary>Finds out who asks: by the client certificate, else by the bearer token.</summary>
internal sealed class Authenticator(CertificateAuthority authority, IReadOnlyList<StaticToken> tokens)
{
    private static readonly object ConnectionCaller = new();
    private static readonly object Nobody = new();

    private readonly (byte[] Hash, Caller Caller)[] _tokens = [.. tokens.Select(t => (Hash(t.Token), t.Caller))];

    /// <summary>Null where the request proves no identity.</summary>
    public Caller? Authenticate(HttpContext context) => ByCertificate(context) ?? ByToken(context.Request.Headers.Authorization.ToString());

    private Caller? ByCertificate(HttpContext context)
    {
        // A connection keeps its certificate: verified once, remembered with the connection.
        var connection = context.Features.Get<IConnectionItemsFeature>()?.Items;
        if (connection is not null && connection.TryGetValue(ConnectionCaller, out var known)) return known as Caller;
        var certificate = context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;
        var caller = certificate is null ? null : Verify(certificate);
        if (connection is not null) connection[ConnectionCaller] = caller ?? Nobody;
        return caller;
    }

    private Caller? Verify(X509Certificate2 certificate)
    {
        try
        {
            return authority.VerifiesClient(certificate) ? CertificateSubject.Read(certificate.SubjectName) : null;
        }
        catch (AsnContentException)
        {
            // A subject that cannot be read names no one.
            return null;
        }
    }

    internal Caller? ByToken(string authorization)
    {
        const string scheme = "Bearer ";
        if (!authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var presented = Hash(authorization[scheme.Length..].Trim());
        Caller? found = null;
        foreach (var (hash, caller) in _tokens)
            if (CryptographicOperations.FixedTimeEquals(hash, presented)) found = caller;
        return found;
    }

    // Hashes have one length, so that the comparison's time tells nothing.
    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
