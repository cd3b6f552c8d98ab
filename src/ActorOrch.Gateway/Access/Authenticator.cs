using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ActorOrch.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ActorOrch.Gateway;

/// <summary>Finds out who asks: by the client certificate, else by the bearer token.</summary>
internal sealed class Authenticator(CertificateAuthority authority, IReadOnlyList<StaticToken> tokens)
{
    private readonly (byte[] Hash, Caller Caller)[] _tokens = [.. tokens.Select(t => (SHA256.HashData(Encoding.UTF8.GetBytes(t.Token)), t.Caller))];

    /// <summary>Null where the request proves no identity.</summary>
    /// <param name="connection">What the request's connection has proven already.</param>
    public Caller? Authenticate(HttpContext context, ConnectionIdentity connection)
    {
        if (!connection.KnowsCertificate) connection.SetCertificate(Verify(context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate));
        if (connection.ByCertificate is { } certified) return certified;
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0) return null;
        if (connection.ByHeader(header) is { } known) return known;
        var caller = ByToken(header);
        if (caller is not null) connection.Accept(header, caller);
        return caller;
    }

    private Caller? Verify(X509Certificate2? certificate)
    {
        try
        {
            return certificate is not null && authority.VerifiesClient(certificate) ? CertificateSubject.Read(certificate.SubjectName) : null;
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
        var token = authorization.AsSpan(scheme.Length).Trim();
        Span<byte> presented = stackalloc byte[SHA256.HashSizeInBytes];
        var utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(token.Length));
        // Hashes have one length, so that the comparison's time tells nothing.
        SHA256.HashData(utf8.AsSpan(0, Encoding.UTF8.GetBytes(token, utf8)), presented);
        ArrayPool<byte>.Shared.Return(utf8, clearArray: true);
        Caller? found = null;
        foreach (var (hash, caller) in _tokens)
            if (CryptographicOperations.FixedTimeEquals(hash, presented)) found = caller;
        return found;
    }
}
