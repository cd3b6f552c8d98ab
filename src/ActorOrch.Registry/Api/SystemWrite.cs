using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Api;

/// <summary>The system's own writes past the API: who owns what they change is recorded all the same.</summary>
public static class SystemWrite
{
    /// <summary>What the scheduler is called.</summary>
    public const string Scheduler = "actororch-scheduler";

    /// <summary>What a node's agent is called.</summary>
    public const string Agent = "actororch-agent";

    /// <summary>What watches over nodes and their pods is called.</summary>
    public const string Controllers = "actororch-controllers";

    /// <summary>Encodes what is to take an object's place.</summary>
    /// <param name="type">What the object's kind is.</param>
    /// <param name="document">Of the object that is stored, <c>managedFields</c> and all, as it is to be.</param>
    /// <param name="subresource">By way of which a client would write it; empty for the object itself.</param>
    public static ObjectDraft Encode(ResourceType type, StoredObject before, JsonObject document, string manager, string subresource, DateTimeOffset now)
    {
        if (OwnershipSteps.Take(document) is { } live)
        {
            var old = before.ToJson();
            OwnershipSteps.Take(old);
            var options = WriteOptions.Default with { FieldManager = manager, Subresource = subresource };
            OwnershipSteps.Put(document, OwnershipSteps.OfUpdate(type, document, old, live, given: null, options, now));
        }
        return ObjectDraft.Encode(document);
    }
}
