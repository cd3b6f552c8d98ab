using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ActorOrch.Testing.Crashes;

/// <summary>What a run counted.</summary>
public sealed record CrashFigures
{
    public int Rounds { get; set; }
    public long Acknowledged { get; set; }
    public long Refused { get; set; }
    public long Unknown { get; set; }

    /// <summary>Of the unknown: those that had become durable.</summary>
    public long UnknownButDurable { get; set; }

    public long Changes { get; set; }

    /// <summary>Changes that watchers saw and that were compared with the history.</summary>
    public long Watched { get; set; }

    /// <summary>Reads of the register and attempts at it that the linearizability check explained.</summary>
    public long RegisterOperations { get; set; }

    public List<TimeSpan> Starts { get; } = [];
}

/// <summary>
/// Kills the real executable under load at random moments, starts it again, and holds what its clients were told against what is there
/// then: <see cref="CrashChecker"/> and <see cref="Linearizability"/> decide.
/// </summary>
public sealed class CrashRun : IAsyncDisposable
{
    private const string Namespace = "crash";
    private const int Watchers = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CrashedOrchestrator _orchestrator;
    private readonly int _seed;
    private readonly Random _random;
    private readonly List<WatchFollower> _watchers = [];
    private readonly List<HttpClient> _watchersHttp = [];
    private TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HttpClient _http = new();
    private ConfigMapClient _client = null!;
    private Dictionary<string, (long Revision, string Value)> _listed = [];
    private long _from;

    /// <param name="executable">The path of <c>actororch.dll</c>.</param>
    /// <param name="seed">Of the moments of the kills and of what the clients do.</param>
    /// <param name="store">HOCON that says where the store is; by default in SQLite's files.</param>
    public CrashRun(string executable, int seed, string? store = null)
    {
        _orchestrator = new(executable, store);
        _seed = seed;
        _random = new(seed);
    }

    public CrashFigures Figures { get; } = new();

    public long JournalBytes => _orchestrator.JournalBytes;

    /// <summary>Runs so many rounds. Returns the promises that were broken, each with its round; stops at the first round that has one.</summary>
    /// <param name="progress">Called after each round.</param>
    public async Task<IReadOnlyList<string>> RunAsync(int rounds, Action<int>? progress = null)
    {
        await StartAsync();
        await PrepareAsync();
        for (var round = 1; round <= rounds; round++)
        {
            var broken = await RoundAsync(round);
            if (broken.Count > 0) return [.. broken.Select(b => $"round {round}, seed {_seed}: {b}")];
            progress?.Invoke(round);
        }
        return [];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var watcher in _watchers) await watcher.DisposeAsync();
        foreach (var http in _watchersHttp.Append(_http)) http.Dispose();
        await _orchestrator.DisposeAsync();
    }

    private async Task StartAsync()
    {
        Figures.Starts.Add(await _orchestrator.StartAsync());
        _http.Dispose();
        _http = KubeconfigClient.Open(_orchestrator.Kubeconfig);
        _client = new(_http, Namespace);
        _up.TrySetResult();
    }

    private async Task KillAsync()
    {
        _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _orchestrator.KillAsync();
    }

    private async Task PrepareAsync()
    {
        using var made = await _http.PostAsJsonAsync("/api/v1/namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = Namespace } });
        made.EnsureSuccessStatusCode();
        var register = await _client.CreateAsync(CrashWorkload.Register, "initial");
        if (register.Code != HttpStatusCode.Created) throw new InvalidOperationException($"the register could not be made: {register.Code}");
        (_from, _listed) = await _client.ListAsync();
        // Connections of their own, that no client's load holds up.
        for (var i = 0; i < Watchers; i++)
        {
            var http = KubeconfigClient.Open(_orchestrator.Kubeconfig);
            _watchersHttp.Add(http);
            _watchers.Add(new(new(http, Namespace), _from, () => _up.Task));
        }
    }

    private async Task<IReadOnlyList<string>> RoundAsync(int round)
    {
        var workload = new CrashWorkload(_client, round, _seed);
        var running = workload.RunAsync();
        using (var moment = new PeriodicTimer(TimeSpan.FromMilliseconds(_random.Next(20, 1200)))) await moment.WaitForNextTickAsync();
        await KillAsync();
        await running.WaitAsync(Patience);
        var highest = _watchers.Max(w => w.Last);
        await StartAsync();

        var (listRevision, listed) = await _client.ListAsync();
        var marker = await _client.CreateAsync($"marker-{round}", "");
        if (marker.Code != HttpStatusCode.Created) return [$"after the restart a write was answered with {marker.Code}"];
        var history = await HistoryAsync(marker.Revision);
        var checkedRound = new CrashRound
        {
            From = _from,
            HighestSeen = Math.Max(highest, workload.HighestSeen),
            Attempts = workload.Attempts,
            History = history,
            Watchers = [.. await Task.WhenAll(_watchers.Select(async w => (await w.TakeUntilAsync(marker.Revision, Patience)).Where(NotMarker).ToArray()))],
            Listed = listed,
            ListRevision = listRevision,
            ListedBefore = _listed,
        };
        var broken = CrashChecker.Check(checkedRound).ToList();
        if (!Linearizability.IsLinearizable(_listed[CrashWorkload.Register].Value, Ended(workload.Operations, listed)))
            broken.Add($"the register's history has no linearization: {string.Join("; ", workload.Operations)}");
        Count(checkedRound, workload);
        _from = marker.Revision;
        _listed = new(listed) { [$"marker-{round}"] = (marker.Revision, "") };
        return broken;
    }

    /// <summary>What nobody knows the outcome of has happened before the restart or never will: the value found then is a read after everything.</summary>
    private static IReadOnlyCollection<RegisterOperation> Ended(IReadOnlyList<RegisterOperation> operations, Dictionary<string, (long Revision, string Value)> listed) =>
        [.. operations, new RegisterOperation.Read(long.MaxValue - 2, long.MaxValue - 1, listed[CrashWorkload.Register].Value)];

    private async Task<IReadOnlyList<SeenChange>> HistoryAsync(long until)
    {
        using var limit = new CancellationTokenSource(Patience);
        var history = new List<SeenChange>();
        await foreach (var change in _client.WatchAsync(_from, limit.Token))
        {
            if (change.Revision >= until) break;
            if (change.Type != "BOOKMARK") history.Add(change);
        }
        return history;
    }

    private static bool NotMarker(SeenChange change) => !change.Name.StartsWith("marker-", StringComparison.Ordinal);

    private void Count(CrashRound round, CrashWorkload workload)
    {
        var durable = round.History.Select(c => (c.Type, c.Name, c.Value)).ToHashSet();
        Figures.Rounds++;
        Figures.Acknowledged += round.Attempts.Count(a => a.Outcome == AttemptOutcome.Acknowledged);
        Figures.Refused += round.Attempts.Count(a => a.Outcome == AttemptOutcome.Refused);
        Figures.Unknown += round.Attempts.Count(a => a.Outcome == AttemptOutcome.Unknown);
        Figures.UnknownButDurable += round.Attempts.Count(a => a.Outcome == AttemptOutcome.Unknown && durable.Contains((a.Type, a.Name, a.Value)));
        Figures.Changes += round.History.Count;
        Figures.Watched += round.Watchers.Sum(w => w.Count);
        Figures.RegisterOperations += workload.Operations.Count;
    }
}
