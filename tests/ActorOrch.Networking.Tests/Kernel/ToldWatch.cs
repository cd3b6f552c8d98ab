using ActorOrch.Networking.Kernel.Watching;

namespace ActorOrch.Networking.Tests.Kernel;

/// <summary>A watch that tells what the test says.</summary>
internal sealed class ToldWatch : IKernelWatch
{
    private readonly TaskCompletionSource<IKernelListener> _listener = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Once it has been started.</summary>
    public Task<IKernelListener> Listener => _listener.Task.WaitAsync(TimeSpan.FromSeconds(10));

    public bool IsDisposed { get; private set; }

    public void Start(IKernelListener listener) => _listener.SetResult(listener);

    public void Dispose() => IsDisposed = true;
}
