using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ActorOrch.Agent.Runtimes.Docker;

/// <summary>Work in the network namespace of another process.</summary>
internal static partial class NetworkNamespace
{
    private const int CloneNewNet = 0x40000000;
    private const int StackBytes = 256 * 1024;

    /// <summary>Throws <see cref="Win32Exception"/> or <see cref="IOException"/> where the namespace cannot be entered, e.g. since the process has ended.</summary>
    public static Task<T> RunAsync<T>(int pid, Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        // A thread of its own that ends afterwards: a thread of the pool must never come back in another namespace.
        new Thread(() =>
        {
            try
            {
                Enter(pid);
                done.SetResult(work());
            }
            catch (Exception failure)
            {
                // Whoever waits gets it.
                done.SetException(failure);
            }
        }, StackBytes)
        { IsBackground = true }.Start();
        return done.Task;
    }

    private static void Enter(int pid)
    {
        using var handle = File.OpenHandle($"/proc/{pid}/ns/net");
        if (setns((int)handle.DangerousGetHandle(), CloneNewNet) == 0) return;
        var error = Marshal.GetLastPInvokeError();
        throw new Win32Exception(error, $"enter the network namespace of process {pid}: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setns(int fd, int type);
}
