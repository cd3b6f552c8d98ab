using System.Text;
using System.Text.Json.Nodes;
using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.CustomKinds;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Resources.Kinds;

/// <summary>What holds for the metadata of every kind (upstream's <c>ValidateObjectMeta</c> and <c>ValidateObjectMetaUpdate</c>).</summary>
public static class ObjectMetaValidation
{
    private const int AnnotationBytes = 256 * 1024;
    private static readonly string[] StandardFinalizers = ["kubernetes", "orphan", "foregroundDeletion", CustomKind.Finalizer];
    private static readonly string[] ImmutableFields = ["name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"];

    /// <summary>Checks the metadata of an object that is about to be created or updated; generateName has been expanded already.</summary>
    public static void Validate(ResourceType type, Field obj, FieldErrors errors)
    {
        var meta = obj["metadata"];
        CheckNames(type, meta, errors);
        CheckCommon(meta, errors);
    }

    /// <summary>Checks the metadata of an object that stands in another one: it need have no name, and its kind may be any.</summary>
    internal static void ValidateEmbedded(Field meta, FieldErrors errors)
    {
        foreach (var name in (ReadOnlySpan<string>)["generateName", "name"])
            foreach (var wrong in Names.PathSegment(meta[name].Text, prefix: name != "name")) errors.Invalid(meta[name], wrong);
        if (meta["namespace"].Text is { Length: > 0 } @namespace)
            foreach (var wrong in Names.Dns1123Label(@namespace)) errors.Invalid(meta["namespace"], wrong);
        CheckCommon(meta, errors);
    }

    private static void CheckCommon(Field meta, FieldErrors errors)
    {
        if (meta["generation"].Integer < 0) errors.Invalid(meta["generation"], "must be greater than or equal to 0");
        CheckLabels(meta["labels"], errors);
        CheckAnnotations(meta["annotations"], errors);
        CheckOwners(meta["ownerReferences"], errors);
        foreach (var finalizer in meta["finalizers"].Items) CheckFinalizer(finalizer, errors);
        if (meta["finalizers"].Items.Any(f => f.Text == "orphan") && meta["finalizers"].Items.Any(f => f.Text == "foregroundDeletion"))
            errors.Invalid(meta["finalizers"], "finalizer orphan and foregroundDeletion cannot be both set");
    }

    /// <summary>Checks what an update may not change. What the writer left out counts as unchanged.</summary>
    public static void ValidateUpdate(Field obj, Field old, FieldErrors errors)
    {
        var (meta, before) = (obj["metadata"], old["metadata"]);
        foreach (var name in ImmutableFields)
            if (meta[name].Exists && !JsonNode.DeepEquals(meta[name].Node, before[name].Node)) errors.Invalid(meta[name], Immutable.Message);
        if (meta["generation"].Integer < before["generation"].Integer) errors.Invalid(meta["generation"], "must not be decremented");
        if (!before["deletionTimestamp"].Exists) return;
        var known = before["finalizers"].Items.Select(f => f.Text).ToHashSet();
        var added = meta["finalizers"].Items.Select(f => f.Text).Where(f => !known.Contains(f)).Order(StringComparer.Ordinal).ToList();
        if (added.Count > 0)
            errors.Forbidden(meta["finalizers"],
                $"no new finalizers can be added if the object is being deleted, found new finalizers {GoLiteral.Strings(added)}");
    }

    /// <summary>Checks the keys and values of <c>labels</c>.</summary>
    public static void CheckLabels(Field labels, FieldErrors errors)
    {
        foreach (var (key, value) in labels.Entries)
        {
            foreach (var wrong in Names.QualifiedName(key)) errors.Invalid(labels, key, wrong);
            foreach (var wrong in Names.LabelValue(value.Text)) errors.Invalid(labels, value.Text, wrong);
        }
    }

    /// <summary>Checks the keys of <c>annotations</c>, and their size together.</summary>
    public static void CheckAnnotations(Field annotations, FieldErrors errors)
    {
        var bytes = 0L;
        foreach (var (key, value) in annotations.Entries)
        {
            foreach (var wrong in Names.QualifiedName(key.ToLowerInvariant())) errors.Invalid(annotations, key, wrong);
            bytes += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value.Text);
        }
        if (bytes > AnnotationBytes) errors.TooLong(annotations, AnnotationBytes);
    }

    internal static void CheckFinalizer(Field finalizer, FieldErrors errors)
    {
        var wrongs = Names.QualifiedName(finalizer.Text).ToList();
        foreach (var wrong in wrongs) errors.Invalid(finalizer, wrong);
        if (wrongs.Count == 0 && !finalizer.Text.Contains('/') && !StandardFinalizers.Contains(finalizer.Text))
            errors.Invalid(finalizer, "name is neither a standard finalizer name nor is it fully qualified");
    }

    private static void CheckNames(ResourceType type, Field meta, FieldErrors errors)
    {
        if (meta["generateName"].Text is { Length: > 0 } prefix)
            foreach (var wrong in type.Rules.CheckName(prefix, true)) errors.Invalid(meta["generateName"], wrong);
        if (meta["name"].Text is { Length: > 0 } name)
            foreach (var wrong in type.Rules.CheckName(name, false)) errors.Invalid(meta["name"], wrong);
        else
            errors.Required(meta["name"], "name or generateName is required");

        var @namespace = meta["namespace"];
        if (!type.Namespaced)
        {
            if (@namespace.Text.Length > 0) errors.Forbidden(@namespace, "not allowed on this type");
        }
        else if (@namespace.Text.Length == 0) errors.Required(@namespace);
        else
            foreach (var wrong in Names.Dns1123Label(@namespace.Text)) errors.Invalid(@namespace, wrong);
    }

    private static void CheckOwners(Field owners, FieldErrors errors)
    {
        string? controller = null;
        foreach (var owner in owners.Items)
        {
            // Upstream names the list, not the element.
            var place = owner with { Path = owners.Path };
            if (owner["apiVersion"].Text.Split('/')[^1].Length == 0) errors.Invalid(place["apiVersion"], owner["apiVersion"].Text, "version must not be empty");
            foreach (var name in (string[])["kind", "name", "uid"])
                if (owner[name].Text.Length == 0) errors.Invalid(place[name], "", "must not be empty");
            if (owner["kind"].Text == "Event" && owner["apiVersion"].Text == "v1")
                errors.Invalid(place, "/v1, Kind=Event is disallowed from being an owner");
            if (owner["controller"].Flag != true) continue;
            if (controller is null) controller = owner["name"].Text;
            else
                errors.Invalid(owners,
                    $"Only one reference can have Controller set to true. Found \"true\" in references for {controller} and {owner["name"].Text}");
        }
    }
}
