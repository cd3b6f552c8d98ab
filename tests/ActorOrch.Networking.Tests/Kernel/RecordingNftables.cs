using System.Threading.Channels;
using ActorOrch.Networking.Kernel;
using ActorOrch.Networking.Kernel.Watching;

namespace ActorOrch.Networking.Tests.Kernel;

/// <summary>Hands each script to the test, which says what the kernel answers.</summary>
internal sealed class RecordingNftables : INftables
{
    private readonly Channel<(string Script, TaskCompletionSource Answer)> _scripts = Channel.CreateUnbounded<(string, TaskCompletionSource)>();

    public async Task ApplyAsync(string script, CancellationToken cancel)
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _scripts.Writer.TryWrite((script, answer));
        await answer.Task.WaitAsync(cancel);
    }

    public bool IsOwn(NftAuthor author) => false;

    public async Task<(string Script, TaskCompletionSource Answer)> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        return await _scripts.Reader.ReadAsync(limit.Token);
    }

    /// <summary>The next script, taken by the kernel.</summary>
    public async Task<string> AcceptAsync()
    {
        var (script, answer) = await NextAsync();
        answer.SetResult();
        return script;
    }
}
