using System.Text.Json.Nodes;
using ActorOrch.Registry.Collections;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Registry.Api;

public enum FieldValidation
{
    Ignore,
    Warn,
    Strict,
}

public enum PatchType
{
    /// <summary>RFC 6902.</summary>
    Json,

    /// <summary>RFC 7396.</summary>
    Merge,

    /// <summary>Kubernetes' strategic merge, by the merge keys of the kind.</summary>
    StrategicMerge,
}

public enum Propagation
{
    Background,
    Foreground,
    Orphan,
}

/// <summary>Who asks: the client certificate's or token's user, or whom that acts for.</summary>
public sealed record Caller(string Name, IReadOnlyList<string> Groups)
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> Nothing = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Tells users of one name apart; empty where nothing is known of that.</summary>
    public string Uid { get; init; } = "";

    /// <summary>What else an authenticator knows; the keys are in lower case.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = Nothing;

    /// <summary>The system's own controllers.</summary>
    public static readonly Caller System = new("system:actororch", ["system:masters"]);
}

/// <summary>What goes with every write.</summary>
public sealed record WriteOptions
{
    public static readonly WriteOptions Default = new();

    public Caller Caller { get; init; } = Caller.System;
    public bool DryRun { get; init; }
    public FieldValidation FieldValidation { get; init; } = FieldValidation.Warn;

    /// <summary><c>""</c> for the object itself, else the name of one of its kind's subresources, as <c>status</c>.</summary>
    public string Subresource { get; init; } = "";

    /// <summary>The name that the writer owns fields by; empty where it has none.</summary>
    public string FieldManager { get; init; } = "actororch-controllers";

    /// <summary>Collects what the caller should be told besides the result.</summary>
    public ICollection<string> Warnings { get; init; } = [];
}

/// <summary><c>meta/v1 DeleteOptions</c>.</summary>
public sealed record DeleteRequest
{
    public long? GracePeriodSeconds { get; init; }
    public Propagation? Propagation { get; init; }
    public string? PreconditionUid { get; init; }
    public string? PreconditionResourceVersion { get; init; }
}

/// <summary>What a DELETE did.</summary>
/// <param name="Object">The object's last state, or its state now where it is removed later (grace period, finalizers).</param>
/// <param name="Removed">Whether it was removed.</param>
public sealed record DeleteOutcome(StoredObject Object, bool Removed);

/// <summary>What an apply did.</summary>
public sealed record ApplyResult(StoredObject Object, bool Created);

/// <summary>
/// The API pipeline: decode, default, admit, validate, compare-and-set. The gateway and every controller write through it.
/// All methods throw <see cref="ApiException"/> with the answer a client would get.
/// </summary>
public interface IObjectApi
{
    IRegistry Registry { get; }

    // Of a kind of several versions, documents and patches are in the version of the type that is given, and what is returned is as it is stored.

    /// <summary>
    /// Creates. An empty <paramref name="namespace"/> is for cluster-scoped kinds; generateName and the missing fields of metadata are filled in.
    /// The document becomes the API's: it may be changed on the way.
    /// </summary>
    Task<StoredObject> CreateAsync(ResourceType type, string @namespace, JsonObject obj, WriteOptions options, CancellationToken cancel = default);

    /// <summary>Replaces; <c>metadata.resourceVersion</c> in <paramref name="obj"/>, where given, must be the current one. One that removes the last finalizer of an object that is being deleted is answered and not stored.</summary>
    Task<StoredObject> UpdateAsync(ResourceType type, ObjectKey key, JsonObject obj, WriteOptions options, CancellationToken cancel = default);

    /// <summary>Patches; retries on its own conflicts, but not where the patch names a resourceVersion.</summary>
    Task<StoredObject> PatchAsync(ResourceType type, ObjectKey key, PatchType patchType, JsonNode patch, WriteOptions options, CancellationToken cancel = default);

    /// <summary>
    /// Applies on the server: creates, or merges what <see cref="WriteOptions.FieldManager"/> wants into what is there. Throws 409 with a cause a field where others
    /// own other values, unless it is forced.
    /// </summary>
    Task<ApplyResult> ApplyAsync(ResourceType type, ObjectKey key, AppliedConfiguration applied, bool force, WriteOptions options, CancellationToken cancel = default);

    /// <summary>
    /// Reads, changes and writes back until it fits (a controller's update). <paramref name="change"/> gets a document of its own
    /// and returns false where there is nothing to do. Returns the version stored at the end, of an object whose last finalizer was removed its last state, or null where there is none.
    /// </summary>
    Task<StoredObject?> ModifyAsync(ResourceType type, ObjectKey key, Func<JsonObject, bool> change, WriteOptions options, CancellationToken cancel = default);

    /// <summary>Posts to the subresource that <see cref="WriteOptions.Subresource"/> names, which does something to the object: binds it, evicts it. Returns the object afterwards.</summary>
    /// <param name="posted">Decoded. The document becomes the API's.</param>
    Task<StoredObject> PostAsync(ResourceType type, ObjectKey key, JsonObject posted, WriteOptions options, CancellationToken cancel = default);

    /// <summary>Whether any step of admission has to see such a request.</summary>
    bool HasAdmission(AdmissionTarget target);

    /// <summary>
    /// Passes a request through admission that stores nothing by itself: a connection, a question that is only answered. Returns its object as the first phase
    /// leaves it, decoded again where it has changed.
    /// </summary>
    /// <param name="request">With an object.</param>
    /// <param name="validate">Between the phases.</param>
    Task<JsonObject> AdmitAsync(AdmissionRequest request, Action<JsonObject> validate, CancellationToken cancel = default);

    /// <summary>Deletes as the kind's grace, the finalizers and the propagation ask for.</summary>
    Task<DeleteOutcome> DeleteAsync(ResourceType type, ObjectKey key, DeleteRequest request, WriteOptions options, CancellationToken cancel = default);
}
