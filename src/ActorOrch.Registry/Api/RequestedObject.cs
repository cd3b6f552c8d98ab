using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Api;

/// <summary>Whether a document is of the object that its request names. Every document that is sent to an object has to pass one of these.</summary>
public static class RequestedObject
{
    /// <summary>Of what replaces an object, or a view of it. Throws 400 where it names another, or none.</summary>
    /// <param name="key">What the request names.</param>
    public static void CheckReplaces(ObjectKey key, JsonObject document)
    {
        var metadata = Field.Root(document)["metadata"];
        var name = metadata["name"].Text;
        if (name.Length == 0) throw ApiException.BadRequest($"the name of the object ({key.Name} based on URL) was undeterminable: name must be provided");
        if (name != key.Name)
            throw ApiException.BadRequest($"the name of the object ({name}) does not match the name on the URL ({key.Name})");
        var @namespace = metadata["namespace"].Text;
        if (@namespace.Length > 0 && @namespace != key.Namespace)
            throw ApiException.BadRequest($"the namespace of the object ({@namespace}) does not match the namespace on the request ({key.Namespace})");
    }

    /// <summary>Of what is posted into a namespace. Throws 400 where it names another.</summary>
    public static void CheckPosted(string @namespace, JsonObject document)
    {
        var given = Field.Root(document)["metadata"]["namespace"].Text;
        if (given.Length > 0 && given != @namespace)
            throw ApiException.BadRequest($"the namespace of the provided object does not match the namespace sent on the request: {given} != {@namespace}");
    }
}
