using System.Text;
using ActorOrch.Resources.Catalog.Subresources;
using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Kinds;
using ActorOrch.Resources.Schemas;
using ActorOrch.Resources.Versions;

namespace ActorOrch.Resources.Catalog;

/// <summary>
/// A kind of object in one version that the API serves: its names, its scope, its model and its rules. Versions of one kind share a collection,
/// in which each object stands once, in the version that is stored; most kinds have no other.
/// </summary>
public sealed class ResourceType
{
    /// <summary>Those of a kind that is stored.</summary>
    public static readonly IReadOnlyList<string> EveryVerb = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    public required string Group { get; init; }
    public required string Version { get; init; }
    public required string Kind { get; init; }
    public required string Plural { get; init; }
    public required string Singular { get; init; }
    public required bool Namespaced { get; init; }

    /// <summary>Whether its objects are what those of namespaced kinds are in.</summary>
    public bool IsNamespace { get; init; }

    public IReadOnlyList<string> ShortNames { get; init; } = [];
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>What has a path of its own below an object's. No two of one name.</summary>
    public IReadOnlyList<Subresource> Subresources { get; init; } = [];

    /// <summary>What may be done with the objects themselves, in the order in which discovery lists it.</summary>
    public IReadOnlyList<string> Verbs
    {
        get;
        init
        {
            field = value;
            IsStored = value.Contains("get");
        }
    } = EveryVerb;

    /// <summary>Whether the kind has a collection; else a function answers what is asked of it.</summary>
    public bool IsStored { get; private init; } = true;

    /// <summary>The KubernetesClient model class the schema is derived from; null for kinds defined at run time.</summary>
    public Type? Model { get; init; }

    /// <summary>Of a kind without a model: what its documents may hold; null where nobody says.</summary>
    public Schema? Schema { get; init; }

    /// <summary>Changes with anything that a definition from outside says; empty for kinds with a model, whose definitions are a part of this build.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Whether the kind is stored and mirrored for the system's own use, and not found in the API.</summary>
    public bool IsInternal { get; init; }

    /// <summary>Whether the version is found in the API. One that objects are stored in need not be.</summary>
    public bool IsServed { get; init; } = true;

    /// <summary>Whether the kind is about to go: its objects are deleted, and no new ones are taken.</summary>
    public bool IsTerminating { get; init; }

    /// <summary>The kind of a list of objects.</summary>
    public string ListKind { get => field ?? $"{Kind}List"; init; }

    /// <summary>From this version to the one that is stored and back; null for that one itself.</summary>
    public IVersionConversion? Conversion { get; init; }

    /// <summary>The version that objects are stored in: this one, unless it is one of the <see cref="OtherVersions"/> of another.</summary>
    public ResourceType Storage { get => field ?? this; private set; }

    /// <summary>Of the version that is stored: those that are served besides it, possibly in other groups.</summary>
    public IReadOnlyList<ResourceType> OtherVersions
    {
        get;
        init
        {
            field = value;
            foreach (var version in value) version.Storage = this;
        }
    } = [];

    /// <summary>Of the version that is stored: all that are served, itself first.</summary>
    public IEnumerable<ResourceType> Versions => [this, .. OtherVersions];

    /// <summary>Defaults, validation and life cycle of the kind. They run on documents in the version that is stored.</summary>
    public required KindRules Rules { get; init; }

    /// <summary>Columns of <c>kubectl get</c>; none where the kind has no Table.</summary>
    public required IReadOnlyList<TableColumn> Columns { get; init; }

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The kind, in whichever of its versions: by it everything finds the objects.</summary>
    public ResourceId Id => ReferenceEquals(Storage, this) ? Own : Storage.Own;

    /// <inheritdoc cref="ResourceId.Collection"/>
    public string Collection => Id.Collection;

    /// <summary>How errors name it: <c>pods</c>, <c>deployments.apps</c>.</summary>
    public string GroupResource => Own.GroupResource;

    /// <summary>The package of upstream's internal types, which some errors name: <c>core</c>, <c>apps</c>.</summary>
    public string InternalPackage => TypeMeta.Package(Group);

    /// <summary>How the bytes of an object in this version begin.</summary>
    internal ReadOnlySpan<byte> JsonStart => _jsonStart ??= Encoding.UTF8.GetBytes($$"""{"apiVersion":"{{ApiVersion}}",""");

    private byte[]? _jsonStart;

    private ResourceId Own => field ??= new(Group, Plural);

    /// <summary>The identity alone.</summary>
    public static implicit operator ResourceId(ResourceType type) => type.Id;

    /// <summary>What its documents say that they are.</summary>
    public DocumentKind Document => field ??= new(Group, Version, Kind, Model);

    /// <summary>Null where the kind has none of the name.</summary>
    public Subresource? FindSubresource(string name)
    {
        foreach (var subresource in Subresources)
            if (subresource.Name == name) return subresource;
        return null;
    }

    public override string ToString() => $"{ApiVersion} {Kind}";
}
