using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Versions;

/// <summary>
/// Between a served version of a kind and the version that its objects are stored in. Pure; documents are changed in place, in the form that
/// the schema of their version gives them. apiVersion and kind are the caller's business.
/// </summary>
public interface IVersionConversion
{
    /// <summary>What a client wrote becomes what is stored. Throws <see cref="ApiException"/> 422 for what cannot be said in the stored version.</summary>
    void ToStorage(JsonObject document);

    /// <summary>What is stored becomes what a client reads. What the served version cannot say is kept where <see cref="ToStorage"/> finds it again.</summary>
    void FromStorage(JsonObject document);
}
