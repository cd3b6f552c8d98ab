using System.Runtime.InteropServices;

namespace ActorOrch.Networking.Kernel;

/// <summary>nftables through its library, in this process: libnftables(3).</summary>
public sealed partial class LibNftables : INftables
{
    private const string Library = "libnftables.so.1";

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

    public Task ApplyAsync(string script, CancellationToken cancel) => Task.Run(() => Apply(script), cancel);

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
