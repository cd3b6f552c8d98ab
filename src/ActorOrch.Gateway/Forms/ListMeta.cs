using System.Buffers;
using System.Text.Json;
using ActorOrch.Gateway.Answers;

namespace ActorOrch.Gateway.Forms;

/// <summary><c>meta/v1 ListMeta</c>.</summary>
/// <param name="Remaining">Items after this page; null where that is not known or nothing is left.</param>
internal readonly record struct ListMeta(long Revision, string? Continue, long? Remaining)
{
    public void WriteTo(IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, JsonWriting.Writer);
        writer.WriteStartObject();
        // An object that is in no collection, as a dry run answers it, has none.
        if (Revision > 0) writer.WriteString("resourceVersion", Revision.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (Continue is not null) writer.WriteString("continue", Continue);
        if (Remaining is { } remaining) writer.WriteNumber("remainingItemCount", remaining);
        writer.WriteEndObject();
    }
}
