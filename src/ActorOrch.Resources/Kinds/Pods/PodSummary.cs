using System.Globalization;
using k8s.Models;

namespace ActorOrch.Resources.Kinds.Pods;

/// <summary>One line about a pod, as <c>kubectl get pods</c> has it: what its containers do, in one word.</summary>
/// <param name="Reason">Running, CrashLoopBackOff, Init:0/1, Terminating, …</param>
public sealed record PodSummary(int Ready, int Total, string Reason, int Restarts, DateTimeOffset? LastRestart)
{
    public string ReadyText => string.Create(CultureInfo.InvariantCulture, $"{Ready}/{Total}");

    public static PodSummary Of(V1Pod pod) => new Reader(pod).Read();

    // Init containers are read in order up to the first that is not done; then the others, the first of which has the last word.
    private sealed class Reader(V1Pod pod)
    {
        private readonly IList<V1Container> _initContainers = pod.Spec.InitContainers ?? [];
        private readonly IList<V1PodCondition> _conditions = pod.Status?.Conditions ?? [];
        private string _reason = "";
        private int _ready;
        private int _restarts;
        private int _sidecarRestarts;
        private DateTimeOffset? _lastRestart;
        private DateTimeOffset? _lastSidecarRestart;

        public PodSummary Read()
        {
            var phase = pod.Status?.Phase ?? "";
            _reason = string.IsNullOrEmpty(pod.Status?.Reason) ? phase : pod.Status.Reason;
            if (_conditions.Any(c => c.Type == "PodScheduled" && c.Reason == "SchedulingGated")) _reason = "SchedulingGated";

            var initializing = ReadInitContainers();
            if (!initializing || HasCondition("Initialized"))
            {
                _restarts = _sidecarRestarts;
                _lastRestart = _lastSidecarRestart;
                ReadContainers();
            }
            if (pod.Metadata.DeletionTimestamp is not null)
            {
                if (pod.Status?.Reason == "NodeLost") _reason = "Unknown";
                else if (phase is not ("Failed" or "Succeeded")) _reason = "Terminating";
            }
            var total = pod.Spec.Containers.Count + _initContainers.Count(IsSidecar);
            return new(_ready, total, _reason, _restarts, _lastRestart);
        }

        private bool ReadInitContainers()
        {
            var sidecars = _initContainers.Where(IsSidecar).Select(c => c.Name).ToHashSet();
            var index = 0;
            foreach (var status in pod.Status?.InitContainerStatuses ?? [])
            {
                var isSidecar = sidecars.Contains(status.Name);
                var finished = Finished(status.LastState?.Terminated);
                _restarts += status.RestartCount;
                _lastRestart = Later(_lastRestart, finished);
                if (isSidecar)
                {
                    _sidecarRestarts += status.RestartCount;
                    _lastSidecarRestart = Later(_lastSidecarRestart, finished);
                }
                if (InitReason(status, isSidecar, index) is { } reason)
                {
                    _reason = reason;
                    return true;
                }
                index++;
            }
            return false;
        }

        /// <returns>Null where the container is done, or a sidecar that has started.</returns>
        private string? InitReason(V1ContainerStatus status, bool isSidecar, int index)
        {
            if (status.State?.Terminated is { ExitCode: 0 }) return null;
            if (isSidecar && status.Started == true)
            {
                if (status.Ready) _ready++;
                return null;
            }
            if (status.State?.Terminated is { } terminated) return "Init:" + TerminatedReason(terminated);
            if (status.State?.Waiting?.Reason is { Length: > 0 } waiting && waiting != "PodInitializing") return "Init:" + waiting;
            return string.Create(CultureInfo.InvariantCulture, $"Init:{index}/{_initContainers.Count}");
        }

        private void ReadContainers()
        {
            var anyRunning = false;
            foreach (var status in (pod.Status?.ContainerStatuses ?? []).Reverse())
            {
                _restarts += status.RestartCount;
                _lastRestart = Later(_lastRestart, Finished(status.LastState?.Terminated));
                if (status.State?.Waiting?.Reason is { Length: > 0 } waiting) _reason = waiting;
                else if (status.State?.Terminated is { } terminated) _reason = TerminatedReason(terminated);
                else if (status.Ready && status.State?.Running is not null)
                {
                    anyRunning = true;
                    _ready++;
                }
            }
            // One container that has completed does not make the pod so while another runs.
            if (_reason == "Completed" && anyRunning) _reason = HasCondition("Ready") ? "Running" : "NotReady";
        }

        private bool HasCondition(string type) => _conditions.Any(c => c.Type == type && c.Status == "True");

        private static bool IsSidecar(V1Container container) => container.RestartPolicy == "Always";

        private static string TerminatedReason(V1ContainerStateTerminated terminated) =>
            !string.IsNullOrEmpty(terminated.Reason) ? terminated.Reason
            : terminated.Signal is { } signal and not 0 ? string.Create(CultureInfo.InvariantCulture, $"Signal:{signal}")
            : string.Create(CultureInfo.InvariantCulture, $"ExitCode:{terminated.ExitCode}");

        private static DateTimeOffset? Finished(V1ContainerStateTerminated? terminated) =>
            terminated?.FinishedAt is { } time ? new DateTimeOffset(time.ToUniversalTime(), TimeSpan.Zero) : null;

        private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => a is null || b > a ? b ?? a : a;
    }
}
