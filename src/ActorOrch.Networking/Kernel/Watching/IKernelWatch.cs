namespace ActorOrch.Networking.Kernel.Watching;

/// <summary>Tells what others change of the machine's network, when they do.</summary>
public interface IKernelWatch : IDisposable
{
    /// <summary>Begins to listen. Once.</summary>
    void Start(IKernelListener listener);
}

/// <summary>Is told by any thread, and must not wait.</summary>
public interface IKernelListener
{
    /// <summary>Our tables are no longer as they were programmed, or may be.</summary>
    /// <param name="by">Whose doing it is, as a part of a sentence.</param>
    void OnRulesChanged(string by);

    /// <summary>A setting, the bridge, or the passage through the engine's rules may have been lost.</summary>
    void OnMachineChanged();

    /// <summary>Nothing more will be told.</summary>
    void OnDeaf(string why);
}
