using System.Text;

namespace ActorOrch.Gateway.Serving;

/// <summary>
/// Of a <c>Content-Length</c>: digits and nothing else (RFC 9110, 8.6). The server below would read them as .NET reads a number, with a sign
/// before and spaces around it; what is none becomes a text that it refuses with 400.
/// </summary>
internal sealed class LengthEncoding : Encoding
{
    /// <summary>Of the largest number that the server below can count to.</summary>
    private const int MostDigits = 19;

    private const char NoDigit = 'x';

    public static readonly LengthEncoding Instance = new();

    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        if (bytes.Length is > 0 and <= MostDigits && !bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return Latin1.GetChars(bytes, chars);
        chars[0] = NoDigit;
        return 1;
    }

    // The rest is for quoting what was refused.
    public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => Latin1.GetCharCount(bytes, index, count);

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) => Latin1.GetChars(bytes, byteIndex, byteCount, chars, charIndex);

    public override int GetMaxByteCount(int charCount) => Latin1.GetMaxByteCount(charCount);

    public override int GetMaxCharCount(int byteCount) => Latin1.GetMaxCharCount(byteCount);
}
