namespace ActorOrch.Resources.Catalog.Subresources;

/// <summary>
/// Something of an object that has a path of its own below the object's. Each is a class, which says all there is to know of it; a kind names
/// those that it has (<see cref="ResourceType.Subresources"/>), and discovery, the schemas, the way of a write and the handlers follow from that.
/// </summary>
/// <param name="name">As the path has it.</param>
/// <param name="verbs">In the order in which discovery lists them.</param>
/// <param name="kind">What is spoken with it; null: the object's own kind.</param>
public abstract class Subresource(string name, IReadOnlyList<string> verbs, DocumentKind? kind = null)
{
    public string Name { get; } = name;

    /// <summary>What may be done with it; everything else is answered with 405.</summary>
    public IReadOnlyList<string> Verbs { get; } = verbs;

    /// <summary>What is spoken with it; null: the object's own kind.</summary>
    public DocumentKind? Kind { get; } = kind;

    /// <summary>Whether a request may go on until one of its sides has enough.</summary>
    public virtual bool IsStream => false;

    /// <summary>Whether what follows in the path, and any method, is its own business.</summary>
    public virtual bool TakesAnyPath => false;

    public override string ToString() => Name;
}
