using ActorOrch.Agent.Pods.Isolation;
using ActorOrch.Agent.Pods.Storage;
using ActorOrch.Agent.Runtimes;
using ActorOrch.Resources.Timing;
using Akka.Event;

namespace ActorOrch.Agent.Pods;

/// <summary>Whether the pod keeps within its limits of the disk. A pod without any is never measured.</summary>
internal sealed partial class PodWorker
{
    private const string StorageTimer = "storage";

    /// <summary>A pod with many files is measured less often, so that it takes no more than this part of a processor.</summary>
    private const int LeastRest = 20;

    /// <summary>As upstream evicts for this: without a grace period, in which the disk would fill further.</summary>
    private static readonly TimeSpan EvictionGrace = TimeSpan.FromSeconds(1);

    private readonly StorageLimits? _storageLimits;
    private readonly StorageMeter _storageMeter;

    private void MeasureStorageLater(TimeSpan wait)
    {
        if (_storageLimits is not null) Timers.StartSingleTimer(StorageTimer, new PodMessages.MeasureStorage(), wait);
    }

    private void OnMeasureStorage()
    {
        if (_cleanedUp || _situation.Going || PodPlan.IsFinished(_situation)) return;
        (string, string)[] running = [.. _situation.Containers.Where(c => c.Running).Select(c => (c.Name, c.Current!.Id))];
        if (running.Length == 0)
        {
            MeasureStorageLater(_environment.Options.StorageCheckInterval);
            return;
        }
        var (pod, limits, began, stop) = (_pod, _storageLimits!, _environment.Time.GetTimestamp(), _stop.Token);
        Run("measure the storage", null, async () =>
        {
            var (excess, failure) = await CheckAsync().ConfigureAwait(false);
            return new PodMessages.StorageMeasured(excess, failure, _environment.Time.GetElapsedTime(began));
        });

        async Task<(Rejection?, string?)> CheckAsync()
        {
            try
            {
                return (await _storageMeter.CheckAsync(pod, limits, running, stop).ConfigureAwait(false), null);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or RuntimeUnavailableException)
            {
                return (null, failure.Message);
            }
        }
    }

    private void OnStorageMeasured(PodMessages.StorageMeasured measured)
    {
        if (measured.Failure is { } failure)
            _log.Warning("what pod {0}/{1} uses of the disk could not be measured: {2}", _pod.Metadata.NamespaceProperty, _pod.Metadata.Name, failure);
        if (_situation.Going || PodPlan.IsFinished(_situation)) return;
        if (measured.Excess is { } excess)
        {
            Fail(excess, "Warning", Now.After(EvictionGrace));
            Evaluate();
            return;
        }
        MeasureStorageLater(Durations.Longer(_environment.Options.StorageCheckInterval, Durations.OfSeconds(measured.Took.TotalSeconds * LeastRest)));
    }
}
