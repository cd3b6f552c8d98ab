using System.Text.Json;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Controllers.Nodes.Assignments;

/// <summary>What is to be known of a pod on the way to its node, read from its bytes in one pass.</summary>
internal readonly record struct PodBytes(string NodeName, bool HasReadinessGates, ReadOnlyMemory<byte> Metadata, ReadOnlyMemory<byte> Spec)
{
    internal static PodBytes Of(StoredObject pod)
    {
        var (nodeName, gates) = ("", false);
        ReadOnlyMemory<byte> metadata = default, spec = default;
        var reader = new Utf8JsonReader(pod.Json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isMetadata, isSpec) = (reader.ValueTextEquals("metadata"u8), reader.ValueTextEquals("spec"u8));
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            if (isSpec && reader.TokenType == JsonTokenType.StartObject) (nodeName, gates) = ReadSpec(ref reader);
            else reader.Skip();
            if (isMetadata) metadata = pod.Json.AsMemory(start, (int)reader.BytesConsumed - start);
            if (isSpec) spec = pod.Json.AsMemory(start, (int)reader.BytesConsumed - start);
        }
        return new(nodeName, gates, metadata, spec);
    }

    /// <summary>Whether nothing differs but the status (and with it the revision): that is no news to the agent, which reported it.</summary>
    internal bool SameButStatus(PodBytes other) =>
        Spec.Span.SequenceEqual(other.Spec.Span) && WithoutRevision(Metadata.Span).SequenceEqual(WithoutRevision(other.Metadata.Span));

    // The revision is the last field of encoded metadata.
    private static ReadOnlySpan<byte> WithoutRevision(ReadOnlySpan<byte> metadata)
    {
        var at = metadata.LastIndexOf("\"resourceVersion\""u8);
        return at < 0 ? metadata : metadata[..at];
    }

    private static (string NodeName, bool Gates) ReadSpec(ref Utf8JsonReader reader)
    {
        var (nodeName, gates) = ("", false);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isNode, isGates) = (reader.ValueTextEquals("nodeName"u8), reader.ValueTextEquals("readinessGates"u8));
            reader.Read();
            if (isNode && reader.TokenType == JsonTokenType.String) nodeName = reader.GetString()!;
            if (isGates && reader.TokenType == JsonTokenType.StartArray) gates = true;
            reader.Skip();
        }
        return (nodeName, gates);
    }
}
