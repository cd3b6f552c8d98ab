using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources;

namespace ActorOrch.Gateway;

/// <summary>Where the next page of a list begins. Opaque to clients; shaped as upstream's.</summary>
/// <param name="Revision">The revision that all pages show; <see cref="Inconsistent"/> for the latest there is.</param>
/// <param name="After">The last key of the page before.</param>
internal readonly record struct ContinueToken(long Revision, ObjectKey After)
{
    public const long Inconsistent = -1;

    private const string Format = "meta.k8s.io/v1";

    public string Encode() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        new JsonObject { ["v"] = Format, ["rv"] = Revision, ["start"] = $"{After.Namespace}/{After.Name}\0" }.ToJsonString()));

    /// <summary>Throws 400 for what no server of ours has issued.</summary>
    public static ContinueToken Decode(string token)
    {
        try
        {
            var json = Field.Root(JsonNode.Parse(Base64Url.DecodeFromChars(token)));
            var start = json["start"].Text.TrimEnd('\0');
            var slash = start.IndexOf('/', StringComparison.Ordinal);
            if (json["v"].Text != Format || json["rv"].Integer is not { } revision || slash < 0) throw Invalid("unrecognized encoding");
            return new(revision, new(start[..slash], start[(slash + 1)..]));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            throw Invalid("unrecognized encoding");
        }
    }

    private static ApiException Invalid(string why) => ApiException.BadRequest($"continue key is not valid: {why}");
}
