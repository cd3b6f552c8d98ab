using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace ActorOrch.Networking.Tests.Machines;

/// <summary>Runs code in a network namespace. A socket stays in the namespace that it was made in, wherever it is used afterwards.</summary>
internal static partial class NetworkNamespace
{
    private const int NetworkOnly = 0x40000000;

    public static T Run<T>(string name, Func<T> func)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle($"/run/netns/{name}");
                if (EnterNamespace(file, NetworkOnly) != 0) throw new IOException($"setns {name}: {Marshal.GetLastPInvokeError()}");
                result = func();
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int EnterNamespace(SafeHandle file, int type);
}
