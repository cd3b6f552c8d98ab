using System.Collections.Concurrent;
using ActorOrch.Registry.Api;

namespace ActorOrch.Testing;

/// <summary>A step of both phases that does what a test says and remembers what it was asked.</summary>
public sealed class RecordingAdmission : IMutatingAdmission, IValidatingAdmission
{
    public ConcurrentQueue<(string Phase, AdmissionRequest Request)> Asked { get; } = [];

    public Func<AdmissionTarget, bool> Interest { get; init; } = _ => true;

    /// <summary>True where it has changed the object.</summary>
    public Func<AdmissionRequest, bool> Mutate { get; set; } = _ => false;

    public Action<AdmissionRequest> Validate { get; set; } = _ => { };

    public bool Handles(AdmissionTarget target) => Interest(target);

    public ValueTask<bool> MutateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        Asked.Enqueue(("mutate", request));
        return new(Mutate(request));
    }

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        Asked.Enqueue(("validate", request));
        Validate(request);
        return default;
    }
}
