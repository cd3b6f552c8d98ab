namespace ActorOrch.Gateway.Serving;

/// <summary>Names a request in answers and logs.</summary>
internal static class AuditId
{
    private const int Longest = 256;

    /// <summary>What an id from outside has to be, as an answer says it.</summary>
    public static readonly string Rule = $"Audit-ID: Invalid value: must be no more than {Longest} visible ASCII characters";

    /// <summary>Whether an id that a client gives can stand in an answer's header and in a line of a log.</summary>
    public static bool IsValid(string given) => given.Length <= Longest && !given.AsSpan().ContainsAnyExceptInRange('!', '~');

    /// <summary>A random UUID (RFC 9562, version 4). Nobody has to be kept from guessing it, so that it does not cost a system call.</summary>
    public static string New()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
