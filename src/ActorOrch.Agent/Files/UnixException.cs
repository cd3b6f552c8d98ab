using System.Runtime.InteropServices;

namespace ActorOrch.Agent.Files;

/// <summary>A call of the operating system failed.</summary>
/// <param name="error">Its <c>errno</c>.</param>
public sealed class UnixException(string what, int error) : IOException($"{what}: {Marshal.GetPInvokeErrorMessage(error)}")
{
    /// <summary>The call's <c>errno</c>.</summary>
    public int Error { get; } = error;

    /// <summary>Of the call that this thread made last.</summary>
    internal static UnixException Last(string what) => new(what, Marshal.GetLastPInvokeError());
}
