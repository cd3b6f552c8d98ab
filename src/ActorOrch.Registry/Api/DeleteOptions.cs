using ActorOrch.Resources.Errors;

namespace ActorOrch.Registry.Api;

/// <summary><c>meta/v1 DeleteOptions</c>, from a body, from a query, or from within an Eviction.</summary>
/// <param name="Orphan">The old <c>orphanDependents</c>, where it was given.</param>
public sealed record DeleteOptions(DeleteRequest Request, bool DryRun, bool? Orphan)
{
    public const string Kind = "DeleteOptions";

    /// <summary>Reads a decoded document. Throws 422 for what contradicts itself.</summary>
    public static DeleteOptions Read(Field document)
    {
        var preconditions = document["preconditions"];
        return Of(
            document["gracePeriodSeconds"].Integer,
            document["propagationPolicy"].Text,
            document["orphanDependents"].Flag,
            document["dryRun"].Items.Select(s => s.Text),
            preconditions["uid"].Exists ? preconditions["uid"].Text : null,
            preconditions["resourceVersion"].Exists ? preconditions["resourceVersion"].Text : null);
    }

    /// <summary>Throws 422 for what contradicts itself.</summary>
    public static DeleteOptions Of(long? grace, string propagation, bool? orphan, IEnumerable<string?> dryRun, string? uid, string? revision)
    {
        var errors = new List<FieldError>();
        if (propagation.Length > 0 && orphan is not null)
            errors.Add(new("FieldValueInvalid", "propagationPolicy", $"Invalid value: \"{propagation}\": orphanDependents and deletionPropagation cannot be both set"));
        if (propagation is not ("" or "Foreground" or "Background" or "Orphan"))
            errors.Add(new("FieldValueNotSupported", "propagationPolicy",
                $"Unsupported value: \"{propagation}\": supported values: \"Foreground\", \"Background\", \"Orphan\", \"nil\""));
        var dry = ReadDryRun(dryRun, errors);
        if (errors.Count > 0) throw ApiException.InvalidParameter($"{Kind}.meta.k8s.io", "", errors);
        var request = new DeleteRequest
        {
            // As upstream: a negative grace means the shortest.
            GracePeriodSeconds = grace < 0 ? 1 : grace,
            Propagation = propagation switch
            {
                "Foreground" => Propagation.Foreground,
                "Background" => Propagation.Background,
                "Orphan" => Propagation.Orphan,
                _ => orphan is null ? null : orphan.Value ? Propagation.Orphan : Propagation.Background,
            },
            PreconditionUid = uid,
            PreconditionResourceVersion = revision,
        };
        return new(request, dry, orphan);
    }

    /// <summary>Reads a list of dry-run stages; there is only one.</summary>
    public static bool ReadDryRun(IEnumerable<string?> stages, List<FieldError> errors)
    {
        var dry = false;
        foreach (var stage in stages)
        {
            if (stage is "All") dry = true;
            else if (!string.IsNullOrEmpty(stage))
                errors.Add(new("FieldValueNotSupported", "dryRun", $"Unsupported value: \"{stage}\": supported values: \"All\""));
        }
        return dry;
    }
}
