using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds.ConfigMaps;

/// <summary>Checks <c>core/v1 ConfigMap</c>, and what it shares with Secret.</summary>
internal static class ConfigMapValidation
{
    /// <summary>What all values of one object may take together, in bytes.</summary>
    public const int MostBytes = 1024 * 1024;

    private const string WhenImmutable = "field is immutable when `immutable` is set";

    public static void Validate(Field obj, FieldErrors errors)
    {
        var bytes = 0L;
        foreach (var (key, value) in obj["data"].Entries)
        {
            ConfigKeys.Check(value, key, errors);
            if (obj["binaryData"].Key(key).Exists) errors.Invalid(value, key, "duplicate of key present in binaryData");
            bytes += Encoding.UTF8.GetByteCount(value.Text);
        }
        foreach (var (key, value) in obj["binaryData"].Entries)
        {
            ConfigKeys.Check(value, key, errors);
            bytes += DecodedBytes(value.Text);
        }
        if (bytes > MostBytes) errors.TooLong(Field.Root(obj.Node), MostBytes);
    }

    public static void ValidateUpdate(Field obj, Field old, FieldErrors errors) => CheckImmutable(obj, old, ["data", "binaryData"], errors);

    /// <summary>An object that says it is immutable keeps its values, and goes on saying so.</summary>
    public static void CheckImmutable(Field obj, Field old, string[] names, FieldErrors errors)
    {
        if (old["immutable"].Flag != true) return;
        if (obj["immutable"].Flag != true) errors.Forbidden(obj["immutable"], WhenImmutable);
        foreach (var name in names)
            if (!JsonNode.DeepEquals(obj[name].Node, old[name].Node)) errors.Forbidden(obj[name], WhenImmutable);
    }

    /// <summary>How many bytes the base64 text stands for.</summary>
    public static long DecodedBytes(string base64) =>
        base64.Length / 4 * 3L - (base64.EndsWith("==", StringComparison.Ordinal) ? 2 : base64.EndsWith('=') ? 1 : 0);
}
