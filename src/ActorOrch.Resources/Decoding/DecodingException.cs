namespace ActorOrch.Resources.Decoding;

/// <summary>What Go's decoder would say of the document. Callers turn it into the answer that fits: 400 for a body, 422 for a patch.</summary>
internal sealed class DecodingException(string message) : Exception(message);
