using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorOrch.Gateway.Answers;

/// <summary>How the gateway writes JSON: compact, with no more escapes than JSON asks for.</summary>
internal static class JsonWriting
{
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}
