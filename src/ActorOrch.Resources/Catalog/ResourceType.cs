namespace ActorOrch.Resources;

/// <summary>One kind of object that the API serves: its names, its scope, its model and its rules.</summary>
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
    public IReadOnlyList<string> ShortNames { get; init; } = [];
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Subresources beyond the object itself, e.g. <c>status</c>, <c>scale</c>, <c>log</c>, <c>binding</c>, <c>eviction</c>.</summary>
    public IReadOnlyList<string> Subresources { get; init; } = [];

    /// <summary>What may be done with the objects themselves, in the order in which discovery lists it.</summary>
    public IReadOnlyList<string> Verbs { get; init; } = EveryVerb;

    /// <summary>Whether the kind has a collection; else a function answers what is asked of it.</summary>
    public bool IsStored => Verbs.Contains("get");

    /// <summary>The KubernetesClient model class the schema is derived from; null for kinds defined at run time.</summary>
    public Type? Model { get; init; }

    /// <summary>Defaults, validation and life cycle of the kind.</summary>
    public required KindRules Rules { get; init; }

    /// <summary>Columns of <c>kubectl get</c>; none where the kind has no Table.</summary>
    public required IReadOnlyList<TableColumn> Columns { get; init; }

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>The name of the collection and entity id of its actor: <c>pods</c>, <c>apps/deployments</c>.</summary>
    public string Collection => Group.Length == 0 ? Plural : $"{Group}/{Plural}";

    /// <summary>How errors name it: <c>pods</c>, <c>deployments.apps</c>.</summary>
    public string GroupResource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>The package of upstream's internal types, which some errors name: <c>core</c>, <c>apps</c>.</summary>
    public string InternalPackage => TypeMeta.Package(Group);

    public override string ToString() => $"{ApiVersion} {Kind}";
}
