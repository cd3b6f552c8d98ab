using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorOrch.Resources.FieldOwnership;

/// <summary>How a manager came to own fields.</summary>
public enum OwnershipOperation
{
    /// <summary>It applied a document that has them.</summary>
    Apply,

    /// <summary>It created, replaced or patched what has them.</summary>
    Update,
}

/// <summary>Tells the entries of <c>metadata.managedFields</c> apart.</summary>
/// <param name="Manager">The name that the writer gave itself.</param>
/// <param name="ApiVersion">In which it wrote; empty for what is applied: who applies in another version is the same.</param>
/// <param name="Subresource">Through which it wrote; empty for the object itself.</param>
public sealed record ManagerKey(string Manager, OwnershipOperation Operation, string ApiVersion, string Subresource)
{
    /// <summary>What a writer that names itself nowhere is called.</summary>
    public const string Nameless = "unknown";

    public static ManagerKey Applier(string manager, string subresource) => new(Name(manager), OwnershipOperation.Apply, "", subresource);

    public static ManagerKey Updater(string manager, string apiVersion, string subresource) =>
        new(Name(manager), OwnershipOperation.Update, apiVersion, subresource);

    private static string Name(string manager) => manager.Length > 0 ? manager : Nameless;
}

/// <summary>One entry of <c>metadata.managedFields</c>.</summary>
/// <param name="ApiVersion">Of the fields.</param>
/// <param name="Time">When it took fields last, as it is written; null where that is not known.</param>
public sealed record FieldManager(ManagerKey Key, string ApiVersion, string? Time, FieldSet Fields)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As conflicts name it: <c>"kubectl" with subresource "scale" using apps/v1</c>.</summary>
    public override string ToString()
    {
        var name = Quote(Key.Manager);
        if (Key.Subresource.Length > 0) name += $" with subresource {Quote(Key.Subresource)}";
        return Key.Operation == OwnershipOperation.Update ? $"{name} using {ApiVersion}" : name;
    }

    private static string Quote(string text) => JsonSerializer.Serialize(text, Plain);
}
