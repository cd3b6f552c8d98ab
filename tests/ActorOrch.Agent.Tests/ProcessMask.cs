using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorOrch.Agent.Tests;

/// <summary>The orchestrator's process makes files for its owner alone. So do these tests: what containers need must have been given to them by name.</summary>
internal static partial class ProcessMask
{
    private const uint OwnerAlone = 0x3F;

    [ModuleInitializer]
    internal static void Set() => umask(OwnerAlone);

    [LibraryImport("libc")]
    private static partial uint umask(uint mask);
}
