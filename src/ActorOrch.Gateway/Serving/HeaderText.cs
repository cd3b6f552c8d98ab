using System.Text;
using Microsoft.AspNetCore.Http;

namespace ActorOrch.Gateway.Serving;

/// <summary>
/// The values of a request's headers, and of what follows its chunks: UTF-8 without zeros. What is none is the client's fault wherever it stands;
/// the server below says that of a head alone, and takes it for a fault of ours behind a body.
/// </summary>
internal sealed class HeaderText : Encoding
{
    public static readonly HeaderText Instance = new();

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public override unsafe int GetCharCount(byte* bytes, int count) => CountOf(new(bytes, count));

    public override unsafe int GetChars(byte* bytes, int byteCount, char* chars, int charCount) => Strict.GetChars(bytes, byteCount, chars, charCount);

    public override int GetCharCount(byte[] bytes, int index, int count) => CountOf(bytes.AsSpan(index, count));

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) => Strict.GetChars(bytes, byteIndex, byteCount, chars, charIndex);

    public override int GetByteCount(char[] chars, int index, int count) => Strict.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) => Strict.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetMaxByteCount(int charCount) => Strict.GetMaxByteCount(charCount);

    public override int GetMaxCharCount(int byteCount) => Strict.GetMaxCharCount(byteCount);

    private static int CountOf(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Contains((byte)0)) throw new BadHttpRequestException("Null characters are not allowed in request headers.");
        try
        {
            return Strict.GetCharCount(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new BadHttpRequestException("Header values are UTF-8.");
        }
    }
}
