using ActorOrch.Resources.Catalog;
using ActorOrch.Resources.Errors;

namespace ActorOrch.Registry.Api;

/// <summary>What a request does, as admission tells requests apart.</summary>
public enum Operation
{
    Create,
    Update,
    Delete,

    /// <summary>Exec, attach, port-forward, a proxy: bytes go to what runs for an object.</summary>
    Connect,
}

/// <summary>What steps are interested in.</summary>
/// <param name="Type">In the version that is stored.</param>
/// <param name="Subresource">Empty for the object itself.</param>
public readonly record struct AdmissionTarget(ResourceType Type, Operation Operation, string Subresource);

/// <summary>
/// A step on the way of a request that looks beyond the object itself: does the namespace exist, which address does the service get. It is an
/// <see cref="IMutatingAdmission"/>, an <see cref="IValidatingAdmission"/> or both. Steps of a phase run in the order in which they are registered; the
/// first that throws <see cref="ApiException"/> refuses, with that answer.
/// </summary>
public interface IAdmission
{
    /// <summary>Whether it has to see such a request. Asked of every request, so cheap; the answer may change with time.</summary>
    bool Handles(AdmissionTarget target);
}

/// <summary>A step of the first phase, before validation. May also refuse.</summary>
public interface IMutatingAdmission : IAdmission
{
    /// <summary>
    /// True where it has changed <see cref="AdmissionRequest.Object"/>, which then is checked against its schema, defaulted and freed of what no writer may
    /// say once more. A dry run must leave nothing behind.
    /// </summary>
    ValueTask<bool> MutateAsync(AdmissionRequest request, CancellationToken cancel);
}

/// <summary>A step of the second phase: what it sees is valid and stays as it is.</summary>
public interface IValidatingAdmission : IAdmission
{
    ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel);
}
