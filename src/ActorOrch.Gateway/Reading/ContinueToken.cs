using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Gateway.Reading;

/// <summary>Where the next page of a list begins. Opaque to clients; shaped as upstream's.</summary>
/// <param name="Revision">The revision that all pages show; <see cref="Inconsistent"/> for the latest there is.</param>
/// <param name="After">The last key of the page before.</param>
internal readonly record struct ContinueToken(long Revision, ObjectKey After)
{
    public const long Inconsistent = -1;

    private const string ExpiredMessage =
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue "
        + "parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided "
        + "token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was "
        + "returned and now may show up in the list.";

    /// <summary>Whether the rest is shown as it is now.</summary>
    public bool IsInconsistent => Revision < 0;

    private const string Format = "meta.k8s.io/v1";

    public string Encode() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(
        new JsonObject { ["v"] = Format, ["rv"] = Revision, ["start"] = $"{After.Namespace}/{After.Name}\0" }.ToJsonString()));

    /// <summary>History no longer holds the pages' revision: 410, with a token for those who can do with the latest.</summary>
    public ApiException Expired() => new(410, "Expired", ExpiredMessage) { Continue = (this with { Revision = Inconsistent }).Encode() };

    /// <summary>Throws 400 for what no server of ours has issued.</summary>
    public static ContinueToken Decode(string token)
    {
        try
        {
            var json = Field.Root(JsonNode.Parse(Base64Url.DecodeFromChars(token)));
            var start = json["start"].Text.TrimEnd('\0');
            var slash = start.IndexOf('/', StringComparison.Ordinal);
            if (json["v"].Text != Format) throw Invalid($": server does not recognize this encoded version {json["v"].Text}");
            if (json["rv"].Integer is not { } revision || revision == 0) throw Invalid($": incorrect encoded start resourceVersion (version {Format})");
            if (start.Length == 0) throw Invalid($": encoded start key empty (version {Format})");
            if (slash < 0) throw Invalid($": {start}");
            var after = new ObjectKey(start[..slash], start[(slash + 1)..]);
            if (IsSteps(after.Namespace) || IsSteps(after.Name) || after.Name.Length == 0 || after.Name.Contains('/')) throw Invalid($": {start}");
            return new(revision, after);
        }
        // Besides text that is no JSON: a member that is there twice, half a surrogate.
        catch (Exception e) when (e is FormatException or JsonException or ArgumentException or InvalidOperationException)
        {
            throw Invalid("");
        }
    }

    // Of a path, which upstream's keys are.
    private static bool IsSteps(string part) => part is "." or "..";

    private static ApiException Invalid(string why) => ApiException.BadRequest($"invalid continue token: continue key is not valid{why}");
}
