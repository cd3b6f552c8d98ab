using System.Runtime.InteropServices;
using ActorOrch.Networking.Kernel.Watching;

namespace ActorOrch.Networking.Kernel;

/// <summary>nftables through its library, in this process: libnftables(3).</summary>
public sealed partial class LibNftables : INftables
{
    private const string Library = "libnftables.so.1";

    // The kernel tells each change with the name of the thread that made it, which has at most 15 characters. The id that it tells, too, is its
    // own count's, and that of the socket is whatever was free.
    private readonly string _thread = $"ao-{Guid.NewGuid():N}"[..15];

    /// <summary>Whether the library is installed.</summary>
    public static bool IsPresent
    {
        get
        {
            if (!NativeLibrary.TryLoad(Library, out var handle)) return false;
            NativeLibrary.Free(handle);
            return true;
        }
    }

    public Task ApplyAsync(string script, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                Thread.CurrentThread.Name = _thread;
                Apply(script);
                done.SetResult();
            }
            catch (Exception failure)
            {
                // Whoever waits gets it.
                done.SetException(failure);
            }
        })
        { IsBackground = true }.Start();
        return done.Task;
    }

    public bool IsOwn(NftAuthor author) => author.Name == _thread;

    // A context a script: contexts keep a cache of the ruleset that other programs' changes would make stale.
    internal static void Apply(string script)
    {
        nint context;
        try
        {
            context = nft_ctx_new(0);
        }
        catch (DllNotFoundException missing)
        {
            throw new NftablesException($"{Library} cannot be loaded", unavailable: true, missing);
        }
        if (context == 0) throw new NftablesException("no netlink socket for nftables", unavailable: true);
        try
        {
            nft_ctx_buffer_error(context);
            nft_ctx_buffer_output(context);
            if (nft_run_cmd_from_buffer(context, script) == 0) return;
            var said = Marshal.PtrToStringUTF8(nft_ctx_get_error_buffer(context)) ?? "";
            throw new NftablesException(said.Trim(), unavailable: said.Contains("Operation not permitted", StringComparison.Ordinal));
        }
        finally
        {
            nft_ctx_free(context);
        }
    }

    [LibraryImport(Library)]
    private static partial nint nft_ctx_new(uint flags);

    [LibraryImport(Library)]
    private static partial void nft_ctx_free(nint context);

    [LibraryImport(Library)]
    private static partial int nft_ctx_buffer_error(nint context);

    [LibraryImport(Library)]
    private static partial int nft_ctx_buffer_output(nint context);

    [LibraryImport(Library)]
    private static partial nint nft_ctx_get_error_buffer(nint context);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int nft_run_cmd_from_buffer(nint context, string commands);
}
