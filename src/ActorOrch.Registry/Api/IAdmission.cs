using System.Text.Json.Nodes;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Api;

public enum Operation
{
    Create,
    Update,
    Delete,
}

/// <summary>What an admission step sees. It may change <paramref name="Object"/>.</summary>
public sealed record AdmissionRequest(
    ResourceType Type, ObjectKey Key, Operation Operation, JsonObject? Object, StoredObject? Old, WriteOptions Options, IRegistry Registry);

/// <summary>
/// A step between defaulting and validation that looks beyond the object itself: does the namespace exist, which address does the
/// service get. Throws <see cref="ApiException"/> to refuse. Steps run in the order they are registered.
/// </summary>
public interface IAdmission
{
    ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel);
}
