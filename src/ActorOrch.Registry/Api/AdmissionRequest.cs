using System.Text.Json.Nodes;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Api;

/// <summary>What a step of admission sees of a request.</summary>
public sealed class AdmissionRequest
{
    private JsonObject? _oldObject;

    /// <summary>The kind of the URL's object, in the version that is stored.</summary>
    public ResourceType Type => RequestedType.Storage;

    /// <summary>Likewise in the version of the URL.</summary>
    public required ResourceType RequestedType { get; init; }

    /// <summary>Of the URL's object; where its name was to be generated, the name is.</summary>
    public required ObjectKey Key { get; init; }

    public required Operation Operation { get; init; }

    /// <summary>What <see cref="Object"/> is: the object itself as it is stored, or what is spoken with the subresource.</summary>
    public required DocumentKind Kind { get; init; }

    /// <summary>
    /// What is to be, without <c>managedFields</c>: the object, the view of it that is written, what is posted to it, what a connection is asked for. Null where
    /// something is deleted. In the first phase a step may change it, or put another in its place.
    /// </summary>
    public JsonObject? Object { get; set; }

    /// <summary>What is there now; null where something is created, posted or connected to.</summary>
    public StoredObject? Old { get; init; }

    /// <summary>Likewise as a document of the same kind as <see cref="Object"/>. Not to be changed.</summary>
    public JsonObject? OldObject
    {
        get => _oldObject ??= Old?.ToJson();
        init => _oldObject = value;
    }

    /// <summary>Who asks, and what else goes with a write: dry run, field manager, subresource; a step may add warnings.</summary>
    public required WriteOptions Options { get; init; }

    /// <summary>Of a deletion: grace, propagation, preconditions.</summary>
    public DeleteRequest? Deletion { get; init; }

    public required IRegistry Registry { get; init; }

    /// <summary>Empty for the object itself.</summary>
    public string Subresource => Options.Subresource;

    public Caller Caller => Options.Caller;

    public AdmissionTarget Target => new(Type, Operation, Subresource);
}
