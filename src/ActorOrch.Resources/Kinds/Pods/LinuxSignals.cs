using System.Globalization;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>The signals that <c>lifecycle.stopSignal</c> may name, in the order of their names.</summary>
internal static class LinuxSignals
{
    private static readonly string[] Named =
    [
        "SIGABRT", "SIGALRM", "SIGBUS", "SIGCHLD", "SIGCLD", "SIGCONT", "SIGFPE", "SIGHUP", "SIGILL", "SIGINT", "SIGIO", "SIGIOT", "SIGKILL",
        "SIGPIPE", "SIGPOLL", "SIGPROF", "SIGPWR", "SIGQUIT", "SIGSEGV", "SIGSTKFLT", "SIGSTOP", "SIGSYS", "SIGTERM", "SIGTRAP", "SIGTSTP",
        "SIGTTIN", "SIGTTOU", "SIGURG", "SIGUSR1", "SIGUSR2", "SIGVTALRM", "SIGWINCH", "SIGXCPU", "SIGXFSZ", "SIGRTMIN", "SIGRTMAX",
    ];

    public static readonly string[] All =
    [
        .. Named.Concat(Enumerable.Range(1, 15).Select(n => string.Create(CultureInfo.InvariantCulture, $"SIGRTMIN+{n}")))
            .Concat(Enumerable.Range(1, 14).Select(n => string.Create(CultureInfo.InvariantCulture, $"SIGRTMAX-{n}")))
            .Order(StringComparer.Ordinal),
    ];
}
