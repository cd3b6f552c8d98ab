namespace ActorOrch.Registry.Api;

/// <summary>The admission steps, one after the other; the first that throws refuses.</summary>
internal sealed class AdmissionChain(IReadOnlyList<IAdmission> steps)
{
    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel)
    {
        foreach (var step in steps) await step.AdmitAsync(request, cancel).ConfigureAwait(false);
    }
}
