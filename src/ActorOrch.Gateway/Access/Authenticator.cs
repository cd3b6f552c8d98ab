using System.Buffers;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ActorOrch.Gateway.Pki;
using ActorOrch.Registry.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace ActorOrch.Gateway.Access;

/// <summary>Finds out who asks: by the client certificate, else by the bearer token.</summary>
/// <param name="log">Of certificates that would be good at another time; no more often than once a minute.</param>
internal sealed partial class Authenticator(CertificateAuthority authority, IReadOnlyList<StaticToken> tokens, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan LogPause = TimeSpan.FromMinutes(1);

    private long _loggedAt = long.MinValue;

    private readonly (byte[] Hash, Caller Caller)[] _tokens =
        [.. tokens.Select(t => (SHA256.HashData(Encoding.UTF8.GetBytes(t.Token)), Proven(t.Caller)))];

    /// <summary>Null where the request proves no identity.</summary>
    /// <param name="connection">What the request's connection has proven already.</param>
    public Caller? Authenticate(HttpContext context, ConnectionIdentity connection)
    {
        if (!connection.KnowsCertificate(time)) Verify(context.Features.Get<ITlsConnectionFeature>()?.ClientCertificate, connection);
        if (connection.ByCertificate is { } certified) return certified;
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0) return null;
        if (connection.ByHeader(header) is { } known) return known;
        var caller = ByToken(header);
        if (caller is not null) connection.Accept(header, caller);
        return caller;
    }

    private static Caller Proven(Caller caller) =>
        caller.Groups.Contains(AccessRules.Authenticated) ? caller : caller with { Groups = [.. caller.Groups, AccessRules.Authenticated] };

    private void Verify(X509Certificate2? certificate, ConnectionIdentity connection)
    {
        var caller = certificate is not null && authority.VerifiesClient(certificate) ? NameOf(certificate) : null;
        connection.SetCertificate(caller, certificate?.NotAfter ?? DateTime.MaxValue, caller is null && certificate is not null ? FaultOf(certificate) : null);
    }

    private static Caller? NameOf(X509Certificate2 certificate)
    {
        try
        {
            return CertificateSubject.Read(certificate.SubjectName);
        }
        catch (AsnContentException)
        {
            // A subject that cannot be read names no one.
            return null;
        }
    }

    // Of one that is not the cluster's there is nothing to say.
    private string? FaultOf(X509Certificate2 certificate)
    {
        if (!authority.IssuedToClient(certificate) || NameOf(certificate) is not { } caller) return null;
        var fault = time.GetUtcNow() > certificate.NotAfter
            ? $"the client certificate of \"{caller.Name}\" expired on {certificate.NotAfter.ToUniversalTime():u}"
            : $"the client certificate of \"{caller.Name}\" is not valid before {certificate.NotBefore.ToUniversalTime():u}";
        var last = Interlocked.Read(ref _loggedAt);
        if ((last == long.MinValue || time.GetElapsedTime(last) >= LogPause) && Interlocked.CompareExchange(ref _loggedAt, time.GetTimestamp(), last) == last) LogFault(fault);
        return fault;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Answered with 401: {Fault}")]
    private partial void LogFault(string fault);

    internal Caller? ByToken(string authorization)
    {
        const string scheme = "Bearer ";
        if (!authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return null;
        return CallerOf(authorization.AsSpan(scheme.Length).Trim());
    }

    /// <summary>Whom a bearer token authenticates; null where it is none of ours.</summary>
    public Caller? CallerOf(ReadOnlySpan<char> token)
    {
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
