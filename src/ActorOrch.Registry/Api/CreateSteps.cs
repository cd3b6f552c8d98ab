using System.Globalization;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Api;

/// <summary>What happens to a document on its way to being created.</summary>
internal static class CreateSteps
{
    // Upstream's: no vowels and no look-alikes, so that no suffix is a word.
    private const string SuffixAlphabet = "bcdfghjklmnpqrstvwxz2456789";
    private const int SuffixLength = 5;
    private const int LongestGeneratedName = 63;

    private static readonly string[] NotForCreators = ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"];

    /// <summary>Refuses what contradicts the request itself, before anything is filled in.</summary>
    public static void CheckRequest(ResourceType type, string @namespace, JsonObject obj)
    {
        var metadata = Field.Root(obj)["metadata"];
        if (metadata["resourceVersion"].Text is not ("" or "0"))
            throw ApiException.BadRequest("resourceVersion should not be set on objects to be created");
        if (type.Namespaced) RequestedObject.CheckPosted(@namespace, obj);
        if (metadata["name"].Text.Length == 0 && metadata["generateName"].Text.Length == 0)
        {
            var errors = new FieldErrors();
            errors.Required(metadata["name"], "name or generateName is required");
            throw ApiException.Invalid(type, "", errors.All);
        }
    }

    public static bool NameIsGenerated(JsonObject obj) => Field.Root(obj)["metadata"]["name"].Text.Length == 0;

    /// <summary>Fills in the system's part of metadata and applies the kind's defaults. May run again on what admission has changed.</summary>
    public static ObjectKey Prepare(ResourceType type, string @namespace, JsonObject obj, DateTimeOffset now, Random random)
    {
        obj["apiVersion"] = type.Storage.ApiVersion;
        obj["kind"] = type.Storage.Kind;
        var metadata = obj["metadata"]!.AsObject();
        if (NameIsGenerated(obj)) metadata["name"] = GenerateName(metadata["generateName"]!.GetValue<string>(), random);
        if (type.Namespaced) metadata["namespace"] = @namespace;
        else metadata.Remove("namespace");
        foreach (var name in NotForCreators) metadata.Remove(name);
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Timestamp(now);
        if (type.Rules.HasGeneration) metadata["generation"] = 1;
        type.Rules.Default(obj);
        return new(type.Namespaced ? @namespace : "", metadata["name"]!.GetValue<string>());
    }

    /// <summary>Clears what a creator may not set, once nobody changes the document any more, and checks it.</summary>
    public static void Complete(ResourceType type, JsonObject obj)
    {
        type.Rules.PrepareForCreate(obj);
        var errors = new FieldErrors();
        var root = Field.Root(obj);
        ObjectMetaValidation.Validate(type, root, errors);
        type.Rules.Validate(root, errors);
        type.Rules.ValidateCreate(root, errors);
        if (errors.Any) throw ApiException.Invalid(type, root["metadata"]["name"].Text, errors.All);
    }

    /// <summary><c>meta/v1 Time</c>: UTC to the second.</summary>
    public static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string GenerateName(string prefix, Random random)
    {
        const int longestPrefix = LongestGeneratedName - SuffixLength;
        if (prefix.Length > longestPrefix) prefix = prefix[..longestPrefix];
        return prefix + new string(random.GetItems<char>(SuffixAlphabet, SuffixLength));
    }
}
