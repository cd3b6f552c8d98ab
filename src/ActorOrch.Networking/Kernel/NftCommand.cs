using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using ActorOrch.Networking.Kernel.Watching;

namespace ActorOrch.Networking.Kernel;

/// <summary>nftables through the <c>nft</c> program, one process a script.</summary>
/// <param name="command">The program and what comes before <c>-f -</c>, e.g. <c>ip netns exec NAME nft</c>.</param>
public sealed class NftCommand(params IReadOnlyList<string> command) : INftables
{
    // Their changes are told as they make them: far fewer are still to be told.
    private const int RememberedProcesses = 64;

    private readonly ConcurrentQueue<uint> _processes = new();

    /// <summary>A process has one socket for rules, and the kernel names that after the process.</summary>
    public bool IsOwn(NftAuthor author) => _processes.Contains(author.Port);

    public async Task ApplyAsync(string script, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), "-f", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var nft = Start(start);
        _processes.Enqueue((uint)nft.Id);
        if (_processes.Count > RememberedProcesses) _processes.TryDequeue(out _);
        var errors = nft.StandardError.ReadToEndAsync(cancel);
        var output = nft.StandardOutput.ReadToEndAsync(cancel);
        try
        {
            await nft.StandardInput.WriteAsync(script.AsMemory(), cancel);
            nft.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read everything; what it said below tells why.
        }
        await nft.WaitForExitAsync(cancel);
        await output;
        var said = (await errors).Trim();
        if (nft.ExitCode != 0)
            throw new NftablesException(said, unavailable: said.Contains("Operation not permitted", StringComparison.Ordinal));
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new NftablesException($"{command[0]} did not start", unavailable: true);
        }
        catch (Win32Exception missing)
        {
            throw new NftablesException($"{command[0]} cannot be run: {missing.Message}", unavailable: true, missing);
        }
    }
}
