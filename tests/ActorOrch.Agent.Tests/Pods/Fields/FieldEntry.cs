namespace ActorOrch.Agent.Tests.Pods.Fields;

/// <summary>What becomes of a field of a pod's spec that somebody sets.</summary>
internal abstract record FieldEntry(string Words)
{
    /// <summary>It does what it says.</summary>
    /// <param name="Tests">Names of the tests that show it.</param>
    public sealed record Acts(params string[] Tests) : FieldEntry("acted on");

    /// <summary>Nothing that runs depends on it.</summary>
    public sealed record Informs(string Why) : FieldEntry("informational");

    /// <summary>Accepted with a warning.</summary>
    /// <param name="Spec">The JSON of a pod's spec that sets it; the container <c>c</c> is added where it has none.</param>
    /// <param name="Warning">The whole of it.</param>
    public sealed record Warns(string Spec, string Warning) : FieldEntry("warned about");

    /// <summary>Refused when the pod is created: 422 from validation, 403 from admission.</summary>
    public sealed record Refused(string Spec, string Message) : FieldEntry("refused by the API");

    /// <summary>Refused by a node that cannot give it: the pod fails or waits, and never runs.</summary>
    /// <param name="Reason">Of the pod's status, of the waiting container, or of an event.</param>
    public sealed record RefusedByNode(string Spec, string Reason, string Message, params string[] Tests) : FieldEntry("given, or refused by the node");

    /// <summary>Accepted with a warning, and refused by every node.</summary>
    /// <param name="Warning">The whole of it.</param>
    /// <param name="Reason">Of an event.</param>
    public sealed record NeverGiven(string Spec, string Warning, string Reason, string Message) : FieldEntry("warned about, and refused by the node");
}
