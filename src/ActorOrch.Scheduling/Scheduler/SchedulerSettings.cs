using ActorOrch.Scheduling.Scores;
using Akka.Configuration;

namespace ActorOrch.Scheduling.Scheduler;

/// <summary>The section <c>actororch.scheduler</c>.</summary>
public sealed record SchedulerSettings
{
    /// <summary>Pods whose <c>spec.schedulerName</c> is this are placed.</summary>
    public string Name { get; init; } = "default-scheduler";

    /// <summary><c>MostAllocated</c> or <c>LeastAllocated</c>.</summary>
    public string ScoringStrategy { get; init; } = nameof(MostAllocated);

    /// <summary>Breaks ties between equal nodes.</summary>
    public int Seed { get; init; }

    /// <summary>The most placements in one decision.</summary>
    public int BatchSize { get; init; } = 1_000;

    /// <summary>How many batches may be on their way to the pods collection while the next is decided.</summary>
    public int BindsInFlight { get; init; } = 2;

    /// <summary>Within this time, a pod that still fits nowhere is not told changed reasons.</summary>
    public TimeSpan RetellAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to wait before writing again what the store did not take.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A snapshot every so many decisions.</summary>
    public int SnapshotEvery { get; init; } = 200;

    /// <summary>So many decisions before the last snapshot stay in the journal, as history.</summary>
    public int KeepDecisions { get; init; } = 1_000;

    public static SchedulerSettings From(Config config)
    {
        var section = config.GetConfig("actororch.scheduler");
        var defaults = new SchedulerSettings();
        if (section.IsNullOrEmpty()) return defaults;
        return new()
        {
            Name = section.GetString("name", defaults.Name),
            ScoringStrategy = section.GetString("scoring-strategy", defaults.ScoringStrategy),
            Seed = section.GetInt("seed", defaults.Seed),
            BatchSize = section.GetInt("batch-size", defaults.BatchSize),
            BindsInFlight = section.GetInt("binds-in-flight", defaults.BindsInFlight),
            RetellAfter = section.GetTimeSpan("retell-after", defaults.RetellAfter),
            RetryAfter = section.GetTimeSpan("retry-after", defaults.RetryAfter),
            SnapshotEvery = section.GetInt("snapshot-every", defaults.SnapshotEvery),
            KeepDecisions = section.GetInt("keep-decisions", defaults.KeepDecisions),
        };
    }
}
