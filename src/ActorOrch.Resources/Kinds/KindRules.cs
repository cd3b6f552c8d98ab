using System.Text.Json.Nodes;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.FieldOwnership;
using ActorOrch.Resources.Objects;

namespace ActorOrch.Resources.Kinds;

/// <summary>
/// What makes a kind that kind: its defaults, its validation, what a writer may not touch. One subclass a kind, in a folder of its own.
/// The methods are pure; they run on documents that the schema has already checked for unknown fields and wrong types, before admission.
/// </summary>
public abstract class KindRules
{
    protected KindRules() => HasClaims = GetType().GetMethod(nameof(Claims))!.DeclaringType != typeof(KindRules);

    /// <summary>Whether objects of the kind claim anything (<see cref="Claims"/>): most do not, and are not parsed for it on every write.</summary>
    public bool HasClaims { get; }

    /// <summary>These rules where objects claim anything, else null.</summary>
    public KindRules? Claiming => HasClaims ? this : null;

    /// <summary>Fills in what the writer left out, as upstream's defaulting does. Runs on create and on update.</summary>
    public virtual void Default(JsonObject obj) { }

    /// <summary>On create, after defaulting and admission: clears what a creator may not set (status), fills in what follows from the whole.</summary>
    public virtual void PrepareForCreate(JsonObject obj) => obj.Remove("status");

    /// <summary>On update of the main resource: takes over what it may not change (status) from <paramref name="old"/>.</summary>
    public virtual void PrepareForUpdate(JsonObject obj, JsonObject old) => CopyFrom(old, obj, "status");

    /// <summary>
    /// On update of the status subresource: everything but status and metadata stays as it is. Of metadata the writer has changed no more than
    /// labels, annotations and finalizers.
    /// </summary>
    public virtual void PrepareForStatusUpdate(JsonObject obj, JsonObject old)
    {
        foreach (var (name, _) in old.ToArray())
            if (name is not ("status" or "metadata")) CopyFrom(old, obj, name);
        foreach (var (name, _) in obj.ToArray())
            if (name is not ("status" or "metadata") && !old.ContainsKey(name)) obj.Remove(name);
    }

    /// <summary>Whether an update of the main resource raises <c>metadata.generation</c>: by default a change of <c>spec</c>.</summary>
    public virtual bool ChangesGeneration(JsonObject obj, JsonObject old) => !JsonNode.DeepEquals(obj["spec"], old["spec"]);

    /// <summary>Whether objects of the kind have a generation at all.</summary>
    public virtual bool HasGeneration => false;

    /// <summary>Checks an object that is about to be created or replaced. Object metadata has been checked already.</summary>
    public virtual void Validate(Field obj, FieldErrors errors) { }

    /// <summary>Checks what may not be set from the start, after <see cref="Validate"/>.</summary>
    public virtual void ValidateCreate(Field obj, FieldErrors errors) { }

    /// <summary>Checks an update of the main resource, after <see cref="Validate"/>: what is immutable.</summary>
    public virtual void ValidateUpdate(Field obj, Field old, FieldErrors errors) { }

    /// <summary>Checks an update of the status subresource.</summary>
    public virtual void ValidateStatusUpdate(Field obj, Field old, FieldErrors errors) { }

    /// <summary>Checks <c>metadata.name</c>; most kinds take a DNS-1123 subdomain. Returns what is wrong, or nothing.</summary>
    public virtual IEnumerable<string> CheckName(string name, bool prefix) => Names.Dns1123Subdomain(name, prefix);

    /// <summary>Things that the writer should know, sent as <c>Warning: 299</c> headers.</summary>
    public virtual IEnumerable<string> Warnings(JsonObject obj) => [];

    /// <summary>
    /// Values that no two objects of the collection may share, e.g. <c>clusterIP:10.96.0.10</c>. Checked where the write is committed.
    /// </summary>
    public virtual IEnumerable<string> Claims(JsonObject obj) => [];

    /// <summary>
    /// The grace period in seconds that a DELETE leaves, or null for kinds that are removed at once. 0 means at once too.
    /// </summary>
    public virtual long? GracePeriodSeconds(StoredObject obj, long? requested) => null;

    /// <summary>Whether a DELETE that says nothing of what the object owns leaves it.</summary>
    public virtual bool OrphansByDefault => false;

    /// <summary>When the deletion of a namespace comes to its objects.</summary>
    public virtual DeletionStage DeletionStage => DeletionStage.AfterPods;

    /// <summary>Whether a DELETE answers with the object that it has removed. As upstream, most kinds answer with a <c>Status</c>.</summary>
    public virtual bool ReturnsDeleted => false;

    /// <summary>Whether something still has to happen before an object that is being deleted may be removed.</summary>
    public virtual bool HoldsFinalizers(JsonObject obj) => obj["metadata"]?["finalizers"] is JsonArray { Count: > 0 };

    /// <summary>Marks an object whose deletion begins but does not end at once.</summary>
    public virtual void OnDeletionStarted(JsonObject obj) { }

    /// <summary>Whether an update need not name the version that it replaces.</summary>
    public virtual bool AllowUnconditionalUpdate => true;

    /// <summary>Whether PUT of a name that does not exist creates it.</summary>
    public virtual bool AllowCreateOnUpdate => false;

    /// <summary>Fields beyond <c>metadata.name</c> and <c>metadata.namespace</c> that a field selector may name, and how to read them.</summary>
    public virtual IReadOnlyDictionary<string, Func<StoredObject, string>> FieldSelectors => NoFieldSelectors;

    private static readonly Dictionary<string, Func<StoredObject, string>> NoFieldSelectors = [];

    /// <summary>Those of the <see cref="FieldSelectors"/> whose objects are found by an index of the collection.</summary>
    public virtual IReadOnlyList<IndexedField> IndexedFields => [];

    private static readonly FieldSet Status = FieldSet.OfFields("status");

    /// <summary>What a writer of the main resource cannot write, whatever it says (<see cref="PrepareForCreate"/>, <see cref="PrepareForUpdate"/>).</summary>
    public virtual FieldSet SystemFields => Status;

    /// <summary>Replaces a top-level field of <paramref name="to"/> by that of <paramref name="from"/>, or removes it.</summary>
    protected static void CopyFrom(JsonObject from, JsonObject to, string name)
    {
        if (from[name] is { } value) to[name] = value.DeepClone();
        else to.Remove(name);
    }
}
