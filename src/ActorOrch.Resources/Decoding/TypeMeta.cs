using System.Text.Json;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Decoding;

/// <summary>What a document says it is.</summary>
internal sealed record TypeMeta(string ApiVersion, string Kind)
{
    /// <summary>How Go prints the struct that upstream reads these two into.</summary>
    public const string GoType = """struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }""";

    /// <summary>The version without its group.</summary>
    public string Version => ApiVersion[(ApiVersion.LastIndexOf('/') + 1)..];

    /// <summary>Throws <see cref="DecodingException"/> where either is not a string.</summary>
    public static TypeMeta Read(JsonObject obj) => new(Text(obj, "apiVersion"), Text(obj, "kind"));

    /// <summary>Each of the two, or where it is empty that of the other.</summary>
    public TypeMeta Or(TypeMeta other) => new(ApiVersion.Length > 0 ? ApiVersion : other.ApiVersion, Kind.Length > 0 ? Kind : other.Kind);

    /// <summary>Throws 400 unless the document is what the endpoint takes.</summary>
    public void Require(string group, string version, string kind)
    {
        var expected = group.Length == 0 ? version : $"{group}/{version}";
        if (Kind == kind && ApiVersion == expected) return;
        if (ApiVersion.Count(c => c == '/') > 1)
            throw ApiException.BadRequest($"the object provided is unrecognized (must be of type {kind}): unexpected GroupVersion string: {ApiVersion}");
        if (Kind == kind)
            throw ApiException.BadRequest($"the API version in the data ({ApiVersion}) does not match the expected API version ({expected})");
        throw DecodingErrors.CannotHandle(Kind, Version, kind,
            $"converting ({Version}.{Kind}) to ({Package(group)}.{kind}): unknown conversion");
    }

    /// <summary>Throws 400 unless the document is of the kind, in whichever group: options are part of every one.</summary>
    public void RequireInAnyGroup(string kind)
    {
        if (Kind != kind || ApiVersion.Count(c => c == '/') > 1) Require("", "v1", kind);
    }

    /// <summary>A value's type in Go's words.</summary>
    public static string Describe(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        _ => "bool",
    };

    /// <summary>The package of upstream's internal types of a group.</summary>
    public static string Package(string group) => group.Length == 0 ? "core" : group.Split('.')[0];

    private static string Text(JsonObject obj, string field) => obj[field] switch
    {
        null => "",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => throw new DecodingException($"json: cannot unmarshal {Describe(other)} into Go struct field .{field} of type string"),
    };
}
