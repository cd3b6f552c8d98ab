using ActorOrch.Resources.Decoding;
using ActorOrch.Resources.Errors;
using ActorOrch.Resources.Schemas;

namespace ActorOrch.Registry.Api;

/// <summary>The steps of both phases of admission.</summary>
internal sealed class AdmissionChain(IReadOnlyList<IAdmission> steps)
{
    private readonly IMutatingAdmission[] _mutating = [.. steps.OfType<IMutatingAdmission>()];
    private readonly IValidatingAdmission[] _validating = [.. steps.OfType<IValidatingAdmission>()];

    /// <summary>Whether any step has to see such a request: most kinds have none, and their requests are not even described.</summary>
    public bool Handles(AdmissionTarget target)
    {
        foreach (var step in _mutating)
            if (step.Handles(target)) return true;
        foreach (var step in _validating)
            if (step.Handles(target)) return true;
        return false;
    }

    /// <summary>The first phase; true where a step has changed the object.</summary>
    public async ValueTask<bool> MutateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        var changed = false;
        foreach (var step in _mutating)
            if (step.Handles(request.Target)) changed |= await step.MutateAsync(request, cancel).ConfigureAwait(false);
        return changed;
    }

    /// <summary>The second phase.</summary>
    public async ValueTask ValidateAsync(AdmissionRequest? request, CancellationToken cancel)
    {
        if (request is null) return;
        foreach (var step in _validating)
            if (step.Handles(request.Target)) await step.ValidateAsync(request, cancel).ConfigureAwait(false);
    }

    /// <summary>Brings what the first phase has made of a document into the form that a decoded one has. Throws 500 where it is none of its kind any more.</summary>
    public static void DecodeAgain(AdmissionRequest request, Schema schema)
    {
        try
        {
            SchemaCheck.Normalize(request.Object!, schema);
        }
        catch (ApiException wrong)
        {
            // As upstream, it is no fault of the writer's.
            throw new ApiException(500, "InternalError", $"Internal error occurred: admission has made something else of the {request.Kind.Kind}: {wrong.Message}");
        }
    }
}
